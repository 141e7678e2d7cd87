import { type Html, html, type Part } from './markup.ts'

/** A button that sends one request to `/_sandbox/*` and shows the page anew; the script of the page does it. */
export function sendButton(
  send: { method: 'POST' | 'PUT'; path: string; body: unknown },
  look: { id: string; text: Part; className?: string; isPressed?: boolean; label?: string },
): Html {
  const { id, text, className = 'button', isPressed, label } = look
  const pressed = isPressed !== undefined && html` aria-pressed="${String(isPressed)}"`
  return html`<button type="button" id="${id}" class="${className}"${pressed}${label ? html` aria-label="${label}"` : null} data-method="${send.method}" data-path="/_sandbox/${send.path}" data-body="${JSON.stringify(send.body)}">${text}</button>`
}
