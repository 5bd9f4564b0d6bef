import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type Provider from 'oidc-provider'
import { findAccount, type Account } from './accounts.ts'
import { createChooser } from './chooser.ts'
import { loadKeys, type SignInKeys } from './keys.ts'
import { createMemory } from './memory.ts'
import { messagePage, pageHeaders } from './page.ts'
import { createProvider } from './provider.ts'

export type { Account } from './accounts.ts'
export { accessTokenSeconds, cliClientId } from './provider.ts'

export interface SignInOptions {
  /** Bound on 127.0.0.1 only. */
  port: number
  /** Holds `sign-in-keys.json`: tokens stay valid over restarts. */
  dataDir: string
  /** The issuer as clients see it, e.g. `http://127.0.0.1:8081`. */
  issuer: string
  clientId: string
  clientSecret: string
  redirectUris: string[]
  /** Where RP-initiated logout may return to; by default the origins of the redirect URIs. */
  postLogoutRedirectUris?: string[]
  /** The `aud` of access tokens. */
  audience: string
  /** What clients may ask for, e.g. `openid market`; everything but `openid` lands in the access token's `scope`. */
  scope: string
  accounts: Account[]
  log: (message: string, facts?: Record<string, unknown>) => void
}

export interface SignIn {
  issuer: string
  close(): Promise<void>
}

/**
 * UserInfo for our access tokens. The provider itself refuses tokens that name a resource server there, so that one token
 * serves both the API and UserInfo, as with most hosted providers, this answers it.
 */
function createUserInfo(options: SignInOptions, keys: SignInKeys) {
  const publicKeys = createLocalJWKSet({
    keys: keys.jwks.keys.map(({ kty, n, e, kid, alg, use }) => ({
      kty,
      n,
      e,
      kid,
      alg,
      use,
    })) as SignInKeys['jwks']['keys'],
  })
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const verified = await jwtVerify(token, publicKeys, {
      issuer: options.issuer,
      audience: options.audience,
      typ: 'at+jwt',
    }).catch(() => undefined)
    const account = findAccount(options.accounts, verified?.payload.sub ?? '')
    if (!account) {
      response.writeHead(401, {
        'www-authenticate': 'Bearer error="invalid_token"',
        'content-type': 'application/json',
      })
      response.end('{"error":"invalid_token"}')
      return
    }
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    response.end(JSON.stringify({ sub: account.sub, name: account.name }))
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

/** Our own pages first; everything else is the provider's. */
function createHandler(provider: Provider, options: SignInOptions, keys: SignInKeys) {
  const chooser = createChooser(provider, options.accounts)
  const userInfo = createUserInfo(options, keys)
  const rest = provider.callback()
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path.startsWith('/interaction/')) return chooser(request, response)
    if (path === '/me') return userInfo(request, response)
    if (path === '/') {
      response.writeHead(200, pageHeaders())
      response.end(messagePage('演示登录', '这里是本机的登录服务。请从商城点“登录”进入。'))
      return
    }
    return rest(request, response)
  }
}

/** Starts the local OpenID provider. It is for one machine: there are no passwords, anyone who can reach it can be anyone. */
export async function startSignIn(options: SignInOptions): Promise<SignIn> {
  const keys = await loadKeys(options.dataDir)
  const memory = createMemory()
  const postLogoutRedirectUris = options.postLogoutRedirectUris ?? [
    ...new Set(options.redirectUris.flatMap((uri) => [new URL(uri).origin, `${new URL(uri).origin}/`])),
  ]
  const provider = createProvider({ ...options, postLogoutRedirectUris, keys, memory })
  provider.on('server_error', (_ctx, error) => options.log('sign-in failed', { error: String(error) }))
  const handle = createHandler(provider, options, keys)
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.log('sign-in request failed', { path: request.url, error: String(error) })
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await listen(server, options.port)
  const sweeper = setInterval(() => memory.sweep(), 60_000)
  sweeper.unref()
  return {
    issuer: options.issuer,
    async close() {
      clearInterval(sweeper)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
