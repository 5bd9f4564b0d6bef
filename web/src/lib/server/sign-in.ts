import * as oidc from 'openid-client'
import { isLoopback, settings } from './settings.ts'
import type { Session, SignInAttempt, Tokens } from './sessions.ts'

let discovered: Promise<oidc.Configuration> | undefined

/** The issuer's own description of itself, asked for once; a failed question is asked again by the next visitor. */
function issuer(): Promise<oidc.Configuration> {
  const { issuer: url, clientId, clientSecret } = settings()
  discovered ??= oidc
    .discovery(new URL(url), clientId, undefined, clientSecret ? oidc.ClientSecretBasic(clientSecret) : oidc.None(), {
      timeout: 10,
      // Only an issuer on this very machine may speak plain http.
      ...(isLoopback(url) ? { execute: [oidc.allowInsecureRequests] } : {}),
    })
    .catch((reason: unknown) => {
      discovered = undefined
      throw reason
    })
  return discovered
}

/** `resource` (RFC 8707) takes a URI only; issuers whose audience is a plain name give it without being asked. */
function resource(): Record<string, string> {
  const { audience } = settings()
  return audience !== undefined && URL.canParse(audience) ? { resource: audience } : {}
}

function tokensOf(answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): Tokens {
  return {
    accessToken: answer.access_token,
    accessExpiresAtSeconds: Math.floor(Date.now() / 1000) + (answer.expiresIn() ?? 300),
    refreshToken: answer.refresh_token,
    idToken: answer.id_token,
  }
}

export async function startSignIn(
  redirectUri: string,
  returnTo: string,
): Promise<{ attempt: SignInAttempt; url: string }> {
  const config = await issuer()
  const verifier = oidc.randomPKCECodeVerifier()
  const attempt = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, returnTo }
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: settings().scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...resource(),
  })
  return { attempt, url: url.href }
}

export async function finishSignIn(currentUrl: URL, attempt: SignInAttempt): Promise<{ tokens: Tokens; name: string }> {
  const answer = await oidc.authorizationCodeGrant(
    await issuer(),
    currentUrl,
    {
      pkceCodeVerifier: attempt.verifier,
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      idTokenExpected: true,
    },
    resource(),
  )
  const claims = answer.claims()
  const name = claims?.['name'] ?? claims?.['preferred_username']
  return { tokens: tokensOf(answer), name: typeof name === 'string' ? name : '' }
}

/** Fresh tokens for a session; undefined when the issuer no longer vouches for it. */
export async function refresh(session: Session): Promise<Tokens | undefined> {
  if (!session.refreshToken) return undefined
  try {
    const answer = await oidc.refreshTokenGrant(await issuer(), session.refreshToken, resource())
    return { ...tokensOf(answer), refreshToken: answer.refresh_token ?? session.refreshToken }
  } catch (reason) {
    // A refused grant ends the session; an issuer that is out of reach does not.
    if (reason instanceof oidc.ResponseBodyError) return undefined
    throw reason
  }
}

/** Where to end the issuer's own session too, so that the next person on a shared phone is asked who they are. */
export async function signOutUrl(idToken: string | undefined, backTo: string): Promise<string | undefined> {
  const config = await issuer().catch(() => undefined)
  if (!config?.serverMetadata().end_session_endpoint || !idToken) return undefined
  return oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: backTo }).href
}
