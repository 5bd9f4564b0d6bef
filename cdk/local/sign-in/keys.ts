import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

/** What has to outlive a restart: tokens stay valid, cookies stay readable. */
export interface SignInKeys {
  jwks: { keys: JWK[] }
  cookieKeys: string[]
}

function isKeys(value: unknown): value is SignInKeys {
  if (typeof value !== 'object' || value === null || !('jwks' in value) || !('cookieKeys' in value)) return false
  const { jwks, cookieKeys } = value
  if (typeof jwks !== 'object' || jwks === null || !('keys' in jwks) || !Array.isArray(jwks.keys)) return false
  return jwks.keys.length > 0 && Array.isArray(cookieKeys) && cookieKeys.every((key) => typeof key === 'string')
}

async function generateKeys(): Promise<SignInKeys> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true })
  const jwk = await exportJWK(privateKey)
  return {
    jwks: { keys: [{ ...jwk, kid: randomBytes(8).toString('hex'), alg: 'RS256', use: 'sig' }] },
    cookieKeys: [randomBytes(32).toString('base64url')],
  }
}

/**
 * Reads the signing keys from the data folder, or makes them. The file appears whole or not at all (written beside, synced, then
 * renamed), so a crash on the first start never leaves half a key. A damaged file is an error: new keys would silently void all tokens.
 */
export async function loadKeys(dataDir: string): Promise<SignInKeys> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'sign-in-keys.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text !== undefined) {
    const kept: unknown = JSON.parse(text)
    if (!isKeys(kept)) throw new Error(`${path} does not hold sign-in keys`)
    return kept
  }
  const keys = await generateKeys()
  const beside = `${path}.${process.pid}.new`
  const file = await open(beside, 'w', 0o600)
  await file.writeFile(JSON.stringify(keys))
  await file.sync()
  await file.close()
  await rename(beside, path)
  return keys
}
