import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Secrets at rest and fingerprints for comparing what must not be stored in clear. */
export interface Seal {
  /** AES-256-GCM with a fresh nonce: the same text seals differently every time. */
  seal(text: string): Buffer
  /** Throws when the bytes were changed or sealed with another key. */
  open(sealed: Buffer): string
  /** HMAC-SHA-256, base64url: equal texts have equal prints, and nobody without the key can guess back. */
  print(text: string): string
}

/** What fingerprints are made with under this key, as long as it is the first one. */
export const printKeyOf = (key: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', 'qintong print v1', 32))

/**
 * `key`: 32 bytes. Sealing and fingerprints use keys derived from it, never itself. `printKey`: what fingerprints were
 * made with before the key was changed; they have to stay what they are.
 */
export function createSeal(key: Buffer, printKey: Buffer = printKeyOf(key)): Seal {
  const sealingKey = Buffer.from(hkdfSync('sha256', key, '', 'qintong seal v1', 32))
  return {
    seal(text) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, sealed.subarray(1, 13))
      decipher.setAuthTag(sealed.subarray(13, 29))
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8')
    },
    print: (text) => createHmac('sha256', printKey).update(text).digest('base64url'),
  }
}
