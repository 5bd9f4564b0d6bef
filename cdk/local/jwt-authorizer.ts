import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { JwtClaims } from './http-event.ts'
import { RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'
import type { LocalResource } from './template.ts'

/**
 * The JWT authorizer of an HTTP API. Source: "Controlling access to HTTP APIs with JWT authorizers": issuer found by
 * OpenID discovery, signature with a key named by `kid`, RSA only, `iss`, `aud` (or `client_id` where there is no
 * `aud`), `exp`, `nbf`, `iat`, and at least one of the route's scopes in `scope` or `scp`.
 */
export type Authorization =
  | { readonly kind: 'allowed'; readonly jwt: JwtClaims }
  | { readonly kind: 'unauthorized'; readonly challenge: string }
  | { readonly kind: 'forbidden'; readonly challenge: string }

export interface JwtAuthorizer {
  readonly authorize: (header: string | undefined, routeScopes: readonly string[]) => Promise<Authorization>
}

interface Verified {
  readonly payload: JWTPayload
  readonly claims: Readonly<Record<string, string>>
  readonly scopes: readonly string[]
}

const MAX_REMEMBERED = 5_000

export function readAuthorizer(resource: LocalResource, log: (line: string) => void): JwtAuthorizer {
  const { properties, logicalId } = resource
  if (properties['AuthorizerType'] !== 'JWT') {
    throw new RefusedByHost(
      `${logicalId}: authorizer type ${String(properties['AuthorizerType'])} is not simulated here`,
    )
  }
  const sources = Array.isArray(properties['IdentitySource']) ? properties['IdentitySource'].map(String) : []
  if (sources.length !== 1 || sources[0]?.toLowerCase() !== '$request.header.authorization') {
    throw new RefusedByHost(`${logicalId}: only the identity source $request.header.Authorization is simulated here`)
  }
  const configuration = isRecord(properties['JwtConfiguration']) ? properties['JwtConfiguration'] : {}
  const issuer = configuration['Issuer']
  const audience = Array.isArray(configuration['Audience']) ? configuration['Audience'].map(String) : []
  if (typeof issuer !== 'string' || issuer === '' || audience.length === 0) {
    throw new RefusedByHost(`${logicalId}: a JWT authorizer needs an issuer and an audience`)
  }
  return new Authorizer(issuer, audience, log)
}

class Authorizer implements JwtAuthorizer {
  readonly #issuer: string
  readonly #audience: readonly string[]
  readonly #log: (line: string) => void
  /** Signatures are checked once per token; times are checked every time. */
  readonly #remembered = new Map<string, Verified>()
  #keys: Promise<JWTVerifyGetKey> | undefined

  constructor(issuer: string, audience: readonly string[], log: (line: string) => void) {
    this.#issuer = issuer
    this.#audience = audience
    this.#log = log
  }

  async authorize(header: string | undefined, routeScopes: readonly string[]): Promise<Authorization> {
    const token = header?.replace(/^Bearer\s+/i, '').trim()
    const scope = `scope="${routeScopes.join(' ')}"`
    if (token === undefined || token === '') return { kind: 'unauthorized', challenge: 'Bearer' }
    let verified: Verified
    try {
      verified = await this.#verify(token)
    } catch (error) {
      const description = error instanceof Error ? error.message.replaceAll('"', "'") : 'invalid'
      return {
        kind: 'unauthorized',
        challenge: `Bearer ${scope} error="invalid_token" error_description="${description}"`,
      }
    }
    if (routeScopes.length > 0 && !routeScopes.some((each) => verified.scopes.includes(each))) {
      return { kind: 'forbidden', challenge: `Bearer ${scope} error="insufficient_scope"` }
    }
    return {
      kind: 'allowed',
      jwt: { claims: verified.claims, scopes: routeScopes.length > 0 ? verified.scopes : null },
    }
  }

  async #verify(token: string): Promise<Verified> {
    const remembered = this.#remembered.get(token)
    if (remembered !== undefined) {
      checkTimes(remembered.payload)
      return remembered
    }
    const { payload } = await jwtVerify(token, await this.#jwks(), { algorithms: ['RS256'], issuer: this.#issuer })
    checkTimes(payload)
    this.#checkAudience(payload)
    const verified = { payload, claims: stringClaims(payload), scopes: scopesOf(payload) }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(token, verified)
    return verified
  }

  #checkAudience(payload: JWTPayload): void {
    const named = payload.aud === undefined ? [payload['client_id']] : [payload.aud].flat()
    if (!named.some((each) => typeof each === 'string' && this.#audience.includes(each))) {
      throw new Error('the token does not have a valid audience')
    }
  }

  #jwks(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#discover().catch((error: unknown) => {
      this.#keys = undefined
      this.#log(`the issuer ${this.#issuer} does not answer its discovery: ${String(error)}`)
      throw new Error('OIDC discovery endpoint communication error')
    })
    return this.#keys
  }

  async #discover(): Promise<JWTVerifyGetKey> {
    const address = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) })
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`)
    const document: unknown = await answer.json()
    if (!isRecord(document) || typeof document['jwks_uri'] !== 'string') throw new Error(`${address} names no jwks_uri`)
    const keys = createRemoteJWKSet(new URL(document['jwks_uri']), { cacheMaxAge: 7_200_000 })
    return (header, token) => {
      if (header?.kid === undefined) throw new errors.JWKSNoMatchingKey('the token names no key (kid)')
      return keys(header, token)
    }
  }
}

/** `nbf` is checked with the signature and cannot become wrong again; `iat` the library leaves to us. */
function checkTimes(payload: JWTPayload): void {
  const now = Date.now() / 1_000
  if (typeof payload.exp !== 'number' || payload.exp <= now) throw new Error('the token has expired')
  if (payload.iat !== undefined && payload.iat > now) throw new Error('the token was issued in the future')
}

function scopesOf(payload: JWTPayload): readonly string[] {
  const raw = payload['scope'] ?? payload['scp']
  return Array.isArray(raw)
    ? raw.map(String)
    : String(raw ?? '')
        .split(' ')
        .filter((each) => each !== '')
}

/** Claims reach a function as text; a list becomes `[a b]`. */
function stringClaims(payload: JWTPayload): Record<string, string> {
  const claims: Record<string, string> = {}
  for (const [name, value] of Object.entries(payload)) {
    if (Array.isArray(value)) claims[name] = `[${value.map(String).join(' ')}]`
    else claims[name] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return claims
}
