import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/**
 * Standard Webhooks, both ways at once: `v1`, an HMAC with a secret that both sides know, by the reference library; `v1a`,
 * ed25519, which that library does not have. A receiver takes whichever of them it knows.
 */
export type SigningKeys = { readonly secret: string; readonly privateKey: string }

const SECRET_BYTES = 32
/** PKCS #8 of an ed25519 key (RFC 8410), before its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export function newKeys(): SigningKeys & { readonly publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const base64 = (part: string) => Buffer.from(part, 'base64url').toString('base64')
  return {
    secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    privateKey: `whsk_${base64(d)}`,
    publicKey: `whpk_${base64(x)}`,
  }
}

/** What is signed is the id, the second of this attempt, and the bytes of the body. */
export function signedHeaders(
  keys: readonly SigningKeys[],
  id: string,
  sentAtMs: number,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const seconds = Math.floor(sentAtMs / 1000)
  const symmetric = keys.map(({ secret }) => new Webhook(secret).sign(id, new Date(sentAtMs), body))
  const asymmetric = keys.map(({ privateKey }) => signAsymmetric(privateKey, `${id}.${seconds}.${body}`))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': [...symmetric, ...asymmetric].join(' '),
  }
}

function signAsymmetric(privateKey: string, text: string): string {
  const seed = Buffer.from(privateKey.slice(privateKey.indexOf('_') + 1), 'base64')
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  return `v1a,${sign(null, Buffer.from(text), key).toString('base64')}`
}
