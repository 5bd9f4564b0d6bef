import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importJWK, type JWK, SignJWT } from 'jose'
import { loadKeys } from '../../local/sign-in/keys.ts'
import { AUDIENCE, SCOPE } from '../system.ts'

/**
 * Tokens as the local issuer signs them, made with its own key: a thousand sign-ins are not what is measured here. The
 * demonstration signs people in by the real flow.
 */
export type Mint = (account: string) => Promise<string>

const HOURS = 12

export async function mintOf(dataDir: string): Promise<Mint> {
  const { jwks } = await loadKeys(dataDir)
  const [jwk] = jwks.keys
  if (jwk === undefined) throw new Error(`${dataDir} has no sign-in key`)
  const key = await importJWK(jwk as JWK, 'RS256')
  const { issuer } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { issuer: string }
  const made = new Map<string, Promise<string>>()
  const sign = (account: string) =>
    new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: jwk.kid ?? '' })
      .setIssuer(issuer)
      .setSubject(account)
      .setAudience(AUDIENCE)
      .setIssuedAt(Math.floor(Date.now() / 1_000) - 5)
      .setExpirationTime(`${HOURS}h`)
      .sign(key)
  return (account) => {
    const token = made.get(account) ?? sign(account)
    made.set(account, token)
    return token
  }
}
