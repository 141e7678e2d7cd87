import { type CallbackKeys, encryptLetter, signatureOf } from './callback-crypto.ts'

/** Keys as a console hands them out. */
export const testKeys: CallbackKeys = {
  token: 'Qx7tokenForTests',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

/** A letter as a platform posts it: the encrypted text and the query beside it. */
export function posted(
  letter: { message: string; receiver: string },
  { keys = testKeys, at, nonce = '138947' }: { keys?: CallbackKeys; at: Temporal.Instant; nonce?: string },
): { encrypted: string; query: Record<string, string> } {
  const encrypted = encryptLetter(keys, letter, () => 0.42)
  const timestamp = String(Math.floor(at.epochMilliseconds / 1000))
  return {
    encrypted,
    query: { msg_signature: signatureOf(keys.token, timestamp, nonce, encrypted), timestamp, nonce },
  }
}

/** WeCom's outer XML around an encrypted text. */
export const wecomEnvelope = (encrypted: string, corpId = 'ww0001'): string =>
  `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
