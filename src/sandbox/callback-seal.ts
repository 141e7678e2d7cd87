import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** What an administrator would have typed into the console. Not secret: it opens nothing but this sandbox. */
export type CallbackSecret = { token: string; aesKey: string }

/** The same seed has the same secrets; the two platforms have their own. */
export function callbackSecretOf(seed: number, platform: 'dingtalk' | 'wecom'): CallbackSecret {
  const made = (what: string) => createHash('sha256').update(`${seed} ${platform} ${what}`).digest('hex')
  return { token: made('token').slice(0, 24), aesKey: made('aes key').slice(0, 43) }
}

/** 签名: SHA-1 over the four parts in order of their bytes. */
export const sign = (
  ...parts: [token: string, timestamp: string, nonce: string, encrypted: string]
): string => createHash('sha1').update(parts.sort().join('')).digest('hex')

/** 加密: 16 bytes, the length, the message, the receiver, padded to a multiple of 32. */
export function encrypt({ aesKey }: CallbackSecret, message: string, receiver: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const text = Buffer.from(message, 'utf8')
  const size = Buffer.from([text.length >>> 24, text.length >>> 16, text.length >>> 8, text.length])
  // The filler need not surprise anybody here, and a world that is told again tells the same bytes.
  const filler = createHash('md5').update(text).digest()
  const body = Buffer.concat([filler, size, text, Buffer.from(receiver, 'utf8')])
  const missing = 32 - (body.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  cipher.setAutoPadding(false)
  return (
    cipher.update(Buffer.concat([body, Buffer.alloc(missing, missing)])).toString('base64') +
    cipher.final('base64')
  )
}

/** 解密; null where it cannot be. */
export function decrypt(
  { aesKey }: CallbackSecret,
  encrypted: string,
): { message: string; receiver: string } | null {
  try {
    const key = Buffer.from(`${aesKey}=`, 'base64')
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16))
    decipher.setAutoPadding(false)
    const body = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
    const text = body.subarray(20, body.length - body[body.length - 1]!)
    const size = body.readUInt32BE(16)
    return {
      message: text.subarray(0, size).toString('utf8'),
      receiver: text.subarray(size).toString('utf8'),
    }
  } catch {
    return null
  }
}
