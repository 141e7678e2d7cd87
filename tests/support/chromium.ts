import { type Browser, chromium } from 'playwright-core'

/** `npm test` names the system's browser here; by hand: `CHROMIUM=$(which chromium)`. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** The system's Chromium, headless, and quiet on the network: it looks up nothing of its own. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // as root Chromium starts only so; it opens our own pages only
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
