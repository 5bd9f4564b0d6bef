import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose'
import { personId } from '#shared/kernel/ids.ts'
import { env } from './env.ts'

/**
 * For routes that anyone may read and a token may widen: the gateway has no authorizer that lets people in without one,
 * so the token is checked here by the same rules (issuer, audience, RS256, scope, times).
 */
type Keys = ReturnType<typeof createRemoteJWKSet>
let jwks: Promise<Keys> | undefined

async function discoverKeys(): Promise<Keys> {
  const issuer = env('OIDC_ISSUER')
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const found = (await answer.json()) as { jwks_uri?: string }
  return createRemoteJWKSet(new URL(found.jwks_uri ?? ''))
}

/** The person a bearer token names, or `undefined` when the token is not good. */
export async function personOfToken(token: string): Promise<string | undefined> {
  try {
    jwks ??= discoverKeys()
    const keySet = await jwks
    const { payload } = await jwtVerify(token, keySet, {
      issuer: env('OIDC_ISSUER'),
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp'],
    })
    return isForUs(payload) ? personId(env('OIDC_ISSUER'), String(payload.sub)) : undefined
  } catch (error) {
    // A provider that could not be reached is asked again next time; a bad token stays bad.
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J'))) jwks = undefined
    return undefined
  }
}

/** Cognito's access tokens carry `client_id` and no `aud`; every other issuer carries `aud`. As API Gateway does. */
function isForUs(payload: JWTPayload): boolean {
  const audience = payload.aud === undefined ? [payload.client_id] : [payload.aud].flat()
  const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : []
  return audience.includes(env('OIDC_AUDIENCE')) && scopes.includes(env('OIDC_SCOPE'))
}
