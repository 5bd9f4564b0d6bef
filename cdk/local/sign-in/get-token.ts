import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  Configuration,
  discovery,
  None,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'

export interface GetTokenOptions {
  issuer: string
  /** The tools' public client by default. */
  clientId?: string
  clientSecret?: string
  /** Registered at the issuer; nothing has to listen there. */
  redirectUri?: string
  scope?: string
  /** The subject to sign in as, e.g. `worker-1`. */
  account: string
}

/** Redirects of one sign-in: authorize, chooser, resume, callback; more means a loop. */
const redirectLimit = 6

const configurations = new Map<string, Promise<Configuration>>()

function configurationOf(options: GetTokenOptions, clientId: string): Promise<Configuration> {
  const key = JSON.stringify([options.issuer, clientId, options.clientSecret])
  const known = configurations.get(key)
  if (known) return known
  const auth = options.clientSecret === undefined ? None() : ClientSecretPost(options.clientSecret)
  const made = discovery(new URL(options.issuer), clientId, undefined, auth, { execute: [allowInsecureRequests] })
  configurations.set(key, made)
  made.catch(() => configurations.delete(key))
  return made
}

/** The cookies of one sign-in. The issuer is the only host asked, so names are enough; paths are honoured. */
class CookieJar {
  readonly #cookies = new Map<string, { value: string; path: string }>()

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const split = pair.indexOf('=')
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/'
      const [name, value] = [pair.slice(0, split), pair.slice(split + 1)]
      if (value === '') this.#cookies.delete(`${path} ${name}`)
      else this.#cookies.set(`${path} ${name}`, { value: `${name}=${value}`, path })
    }
  }

  header(url: URL): string {
    return [...this.#cookies.values()]
      .filter((c) => url.pathname.startsWith(c.path))
      .map((c) => c.value)
      .join('; ')
  }
}

/** Walks from the authorization endpoint over the account chooser back to the redirect URI, as a browser does. */
async function walk(start: URL, redirectUri: string, account: string): Promise<URL> {
  const jar = new CookieJar()
  let url = start
  let body: URLSearchParams | undefined
  for (let step = 0; step <= redirectLimit; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: jar.header(url), accept: 'text/html' },
      ...(body ? { method: 'POST', body } : {}),
    })
    jar.keep(response)
    const location = response.headers.get('location')
    const html = await response.text() // read to the end, so that the connection is used again
    if (location !== null) {
      body = undefined
      url = new URL(location, url)
      if (url.href.startsWith(`${redirectUri}?`)) return url
    } else if (response.ok && !body) {
      const action = /<form[^>]*method="post"[^>]*action="([^"]+)"/.exec(html)?.[1]
      if (action === undefined) throw new Error(`the sign-in page at ${url.pathname} has no form`)
      url = new URL(action, url)
      body = new URLSearchParams({ account })
    } else {
      throw new Error(`sign-in as ${account} was refused: ${response.status} at ${url.pathname}`)
    }
  }
  throw new Error(`sign-in as ${account} took more than ${redirectLimit} steps`)
}

/**
 * Gets an access token by the real code flow: PKCE, account chooser, redirects, code exchange. For the local issuer alone, which
 * asks no password. Throws when the account is unknown or the client is refused.
 */
export async function getToken(
  options: GetTokenOptions,
): Promise<{ accessToken: string; idToken: string; expiresInSeconds: number }> {
  const configuration = await configurationOf(options, options.clientId ?? 'xianglai-cli')
  const redirectUri = options.redirectUri ?? 'http://127.0.0.1/callback'
  const pkceCodeVerifier = randomPKCECodeVerifier()
  const state = randomState()
  const start = buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: options.scope ?? 'openid market',
    code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state,
  })
  const back = await walk(start, redirectUri, options.account)
  const tokens = await authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier,
    expectedState: state,
    idTokenExpected: true,
  })
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token ?? '',
    expiresInSeconds: tokens.expiresIn() ?? 0,
  }
}
