import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SandboxServer, serveSandbox } from '#sandbox/server.ts'
import { launchChromium } from '../support/chromium.ts'
import { faintTexts, rightmost } from './in-page.js'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const isHere = existsSync(executablePath)
const missing = `no browser at ${executablePath}: install the package chromium, or name the program in CHROMIUM`

test('a browser is here', ({ skip }) => {
  if (!isHere && process.env['CI'] !== 'true') skip(missing)
  expect(isHere, missing).toBe(true)
})

describe.runIf(isHere)('the sandbox’s page in a browser', () => {
  let browser: Browser
  let server: SandboxServer
  beforeAll(async () => {
    browser = await launchChromium()
    const now = () => Temporal.Instant.from('2026-11-20T19:00:00+08:00')
    server = await serveSandbox({ port: 0, seed: 7, people: 120, now })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function opened(query: string, width = 1440, colorScheme: 'light' | 'dark' = 'light') {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${server.ready().page}${query}`)
    return { page, complaints }
  }
  const openAll = (page: Page) =>
    page.locator('summary').evaluateAll((all: { click(): void }[]) => {
      for (const one of all) one.click()
    })

  const words = {
    zh: [
      '勤通沙箱',
      '条打卡还没有到企业微信',
      '张三丰',
      '已生效，但应答在途中丢失',
      '拨快 1 天',
      '额度 5,000',
    ],
    en: ['Qintong sandbox', 'have not reached WeCom', '张三丰', 'the answer is lost', '+1 day', 'of 5,000'],
  }
  test.for([
    { width: 1440, lang: 'zh' },
    { width: 1440, lang: 'en' },
    { width: 390, lang: 'zh' },
    { width: 390, lang: 'en' },
  ] as const)(
    'everything stands within $width px and can be read, in $lang, with all switches open',
    async ({ width, lang }) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, complaints } = await opened(`?lang=${lang}`, width, colorScheme)
        await openAll(page)
        expect(await page.evaluate(rightmost)).toBeLessThanOrEqual(width)
        expect(await page.evaluate(faintTexts)).toEqual([])
        const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ')
        for (const expected of words[lang]) expect(text).toContain(expected)
        expect(complaints).toEqual([])
        await page.close()
      }
    },
  )

  test('a switch is set by its button, and the focus and the open group stay where they were', async () => {
    const { page } = await opened('?lang=en')
    await page.locator('#group-0 > summary').click()
    await page.locator('#answerLost-1').click()
    await page.locator('#said', { hasText: 'Done' }).waitFor()
    expect(server.sandbox.world.faults.values.answerLost).toEqual({ api: 'add_checkin_record', next: 1 })
    expect(await page.locator('#answerLost-1').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator(':focus').getAttribute('id')).toBe('answerLost-1')
    await page.locator('#faults-reset').click()
    await page.getByText('All as they started').waitFor()
    expect(server.sandbox.world.faults.values.answerLost).toBe(false)
    await page.close()
  })

  test('with the keyboard alone: any value is typed, and a wrong one is refused in words', async () => {
    const { page } = await opened('?lang=en')
    await page
      .locator(
        'details:has(> * #other-personRefused) > summary, details:has(> #other-personRefused) > summary',
      )
      .first()
      .press('Enter')
    await page.locator('#other-personRefused > summary').press('Enter')
    await page.locator('#other-personRefused input').fill('["u00005"]')
    await page.locator('#other-personRefused input').press('Enter')
    await page.getByText('Now: ["u00005"]').waitFor()
    expect(server.sandbox.world.faults.values.personRefused).toEqual(['u00005'])
    await page.locator('#other-personRefused input').fill('7')
    await page.locator('#other-personRefused input').press('Enter')
    await page.locator('#said.bad', { hasText: 'personRefused' }).waitFor()
    expect(server.sandbox.world.faults.values.personRefused).toEqual(['u00005'])
    server.sandbox.set({ personRefused: [] })
    await page.close()
  })

  test('somebody punches now, and at another time; the clock goes forward', async () => {
    const { page } = await opened('?lang=en&q=zhangsanfeng')
    await page.getByRole('button', { name: '张三丰 punches in DingTalk now' }).click()
    await page.getByText('19:00:00', { exact: true }).first().waitFor()
    await page.locator('input[name=userId]').fill('zhangsanfeng')
    await page.locator('select[name=platform]').selectOption('wecom')
    await page.locator('input[name=at]').fill('2026-11-20T12:34:56')
    await page.locator('#punch-send').click()
    await page.getByText('12:34:56', { exact: true }).waitFor()
    await page.locator('#clock-3600').click()
    await page.getByText('1 h ahead of real time').waitFor()
    expect(server.sandbox.nowMs()).toBe(Temporal.Instant.from('2026-11-20T20:00:00+08:00').epochMilliseconds)
    await page.close()
  })
})
