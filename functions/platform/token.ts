import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import { personId } from '#shared/kernel/ids.ts'
import { Busy } from './busy.ts'
import { env } from './env.ts'
import { log } from './log.ts'

/**
 * For routes that anyone may read and a token may widen: the gateway has no authorizer that lets people in without one,
 * so the token is checked here by the same rules (issuer, audience, RS256, scope, times).
 */
type Keys = ReturnType<typeof createRemoteJWKSet>
let keys: Promise<Keys> | undefined

/** Longer than this and the person waits in vain: they are told to come back instead. */
const ISSUER_TIMEOUT_MS = 3_000
const RETRY_AFTER_SECONDS = 3

const discoverySchema = z.object({ jwks_uri: z.url() })

async function discoverKeys(): Promise<Keys> {
  const document = `${env('OIDC_ISSUER').replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await fetch(document, { signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS) })
  const found = discoverySchema.parse(await answer.json())
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: ISSUER_TIMEOUT_MS })
}

/** Asks the issuer when the first token needs it; only what it answered well is kept. */
function knownKeys(): Promise<Keys> {
  if (keys === undefined) {
    const asked = discoverKeys()
    keys = asked
    asked.catch(() => {
      if (keys === asked) keys = undefined
    })
  }
  return keys
}

const keyOf: JWTVerifyGetKey = async (header, token) => (await knownKeys())(header, token)

/** What only a token can be guilty of. Everything else is the issuer's trouble, or the way to it. */
const tokenFaults = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
]

/**
 * The person a bearer token names, or `undefined` when the token is not good. Throws `Busy` when the issuer could not be
 * asked: then nobody knows, and a good token must not be called bad.
 */
export async function personOfToken(token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      issuer: env('OIDC_ISSUER'),
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp'],
    })
    return isForUs(payload) ? personId(env('OIDC_ISSUER'), String(payload.sub)) : undefined
  } catch (error) {
    if (tokenFaults.some((fault) => error instanceof fault)) return undefined
    log('warn', 'issuer not reached', { error: error instanceof Error ? error.name : 'unknown' })
    throw new Busy(RETRY_AFTER_SECONDS)
  }
}

/** Cognito's access tokens carry `client_id` and no `aud`; every other issuer carries `aud`. As API Gateway does. */
function isForUs(payload: JWTPayload): boolean {
  const audience = payload.aud === undefined ? [payload.client_id] : [payload.aud].flat()
  const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : []
  return audience.includes(env('OIDC_AUDIENCE')) && scopes.includes(env('OIDC_SCOPE'))
}
