import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import type { Random } from '#domain/effects.ts'

/**
 * What both platforms call their own message encryption, and is the same scheme: AES-256-CBC under the key of 43
 * characters, its first half as the vector, padded to 32 bytes; over `16 random bytes | length | message | receiver`;
 * signed with SHA-1 over the sorted parts.
 * Sources: open.dingtalk.com configure-event-subcription; developer.work.weixin.qq.com/document/path/90968
 */

/** What an administrator typed into the platform's console, and into setup.yaml. */
export type CallbackKeys = { token: string; aesKey: string }

/** The three values that travel beside an encrypted text. */
export type Stamp = { timestamp: string; nonce: string; signature: string }

/** A message and whom it was meant for: the corp, or on DingTalk the app. */
export type Letter = { message: string; receiver: string }

const block = 32
const head = 16 + 4
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The signature both platforms mean: lower-case hex of SHA-1 over the four parts, sorted byte by byte. */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const parts = [token, timestamp, nonce, encrypted].map((part) => Buffer.from(part)).sort(Buffer.compare)
  return createHash('sha1').update(Buffer.concat(parts)).digest('hex')
}

/** Whether this text was signed by who knows the token; takes the same time wherever a wrong signature differs. */
export function isSignedBy(keys: CallbackKeys, stamp: Stamp, encrypted: string): boolean {
  const right = Buffer.from(signatureOf(keys.token, stamp.timestamp, stamp.nonce, encrypted))
  const given = Buffer.from(stamp.signature)
  return given.length === right.length && timingSafeEqual(given, right)
}

/** The letter inside, or null where it is no letter under this key. Check the signature first, the receiver afterwards. */
export function decryptLetter({ aesKey }: CallbackKeys, encrypted: string): Letter | null {
  const key = keyOf(aesKey)
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % block !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16))
  // The cipher's own padding counts in 16 bytes; the platforms' counts in 32.
  decipher.setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()])
  const pad = padded.at(-1)!
  if (pad < 1 || pad > block) return null
  const plain = padded.subarray(0, padded.length - pad)
  if (!padded.subarray(padded.length - pad).every((byte) => byte === pad) || plain.length < head) return null
  const length = plain.readUInt32BE(16)
  if (length > plain.length - head) return null
  try {
    return {
      message: strictUtf8.decode(plain.subarray(head, head + length)),
      receiver: strictUtf8.decode(plain.subarray(head + length)),
    }
  } catch {
    return null
  }
}

/** The encrypted text of a letter, base64. Equal letters differ by the random filler. */
export function encryptLetter({ aesKey }: CallbackKeys, letter: Letter, random: Random): string {
  const key = keyOf(aesKey)
  const message = Buffer.from(letter.message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const plain = Buffer.concat([
    Buffer.from(randomLetters(16, random)),
    length,
    message,
    Buffer.from(letter.receiver),
  ])
  const pad = block - (plain.length % block)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  cipher.setAutoPadding(false)
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64')
}

/** So many letters and digits: filler before an answer, and nonces. Not secret. */
export const randomLetters = (count: number, random: Random): string =>
  Array.from({ length: count }, () => letters[Math.floor(random() * letters.length)]).join('')

/** 43 characters are 258 bits: the last two belong to nothing, and a strict decoder would stumble over them. */
function keyOf(aesKey: string): Buffer {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  if (key.length !== 32) throw new RangeError('a callback key has 43 letters and digits')
  return key
}
