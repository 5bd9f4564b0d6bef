import Provider, { errors, interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { findAccount, type Account } from './accounts.ts'
import type { SignInKeys } from './keys.ts'
import type { createMemory } from './memory.ts'
import { messagePage, pageHeaders, signOutPage } from './page.ts'

export const accessTokenSeconds = 3600
/** The public client of command-line tools: PKCE, no secret, loopback redirect on any port (RFC 8252). */
export const cliClientId = 'xianglai-cli'
export const cliRedirectUri = 'http://127.0.0.1/callback'

/** Resource indicators are URIs (RFC 8707), audiences need not be: `aud` is the audience as given, this names it inside the provider. */
function resourceOf(audience: string): string {
  return URL.canParse(audience) ? audience : `urn:audience:${encodeURIComponent(audience)}`
}

export interface ProviderOptions {
  issuer: string
  clientId: string
  clientSecret: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  audience: string
  scope: string
  accounts: readonly Account[]
  keys: SignInKeys
  memory: ReturnType<typeof createMemory>
}

const { Check } = interactionPolicy

/**
 * Always ask who it is: on a demonstration machine one browser plays several people. `prompt=none` still honours the session,
 * and there is no consent step, since the only clients are our own.
 */
function chooserPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  policy.remove('consent')
  policy
    .get('login')
    ?.checks.add(
      new Check('choose_account', 'Choose who signs in', 'login_required', (ctx) =>
        ctx.oidc.result?.login || ctx.oidc.prompts.has('none') ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
      ),
    )
  return policy
}

/** What the first-party clients are granted without a question: exactly what they asked for, as far as it exists. */
function grantAll(options: ProviderOptions, apiScope: string): NonNullable<Configuration['loadExistingGrant']> {
  return async (ctx) => {
    const { client, session, provider } = ctx.oidc
    if (!client || !session?.accountId) return undefined
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid')
    grant.addResourceScope(resourceOf(options.audience), apiScope)
    await grant.save()
    return grant
  }
}

/** Ends the session at once when the ID token proves that the person signed in here asks for it; otherwise asks first. */
async function signOut(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  const { session, entities, params, provider } = ctx.oidc
  const hint = entities.IdTokenHint?.payload
  if (!session || hint?.sub !== session.accountId) {
    ctx.set(pageHeaders(asString(params?.post_logout_redirect_uri)))
    ctx.body = signOutPage(form, provider.issuer)
    return
  }
  await session.destroy() // codes and refresh tokens end with it: see expiresWithSession
  const target = new URL(asString(params?.post_logout_redirect_uri) ?? ctx.oidc.urlFor('end_session_success'))
  const state = asString(params?.state)
  if (state !== undefined && params?.post_logout_redirect_uri) target.searchParams.set('state', state)
  ctx.status = 303
  ctx.redirect(target.href)
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function clients(options: ProviderOptions): NonNullable<Configuration['clients']> {
  return [
    {
      client_id: options.clientId,
      client_secret: options.clientSecret,
      redirect_uris: options.redirectUris,
      post_logout_redirect_uris: options.postLogoutRedirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    {
      client_id: cliClientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [cliRedirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
  ]
}

/** The OpenID provider: authorization code with PKCE, RS256 JWT access tokens for one audience, RP-initiated logout. */
export function createProvider(options: ProviderOptions): Provider {
  const apiScope = options.scope
    .split(/\s+/)
    .filter((word) => word && word !== 'openid')
    .join(' ')
  const configuration: Configuration = {
    adapter: options.memory.adapter,
    clients: clients(options),
    jwks: options.keys.jwks,
    scopes: ['openid'],
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    interactions: { policy: chooserPolicy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: grantAll(options, apiScope),
    findAccount: (_ctx, sub) => {
      const account = findAccount(options.accounts, sub)
      return account && { accountId: account.sub, claims: () => ({ sub: account.sub, name: account.name }) }
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => true,
    // Cookies ignore ports, so these names must not meet the shop's on the same host.
    cookies: {
      keys: options.keys.cookieKeys,
      names: { session: 'sign_in_session', interaction: 'sign_in_interaction', resume: 'sign_in_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true },
    },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 14 * 24 * 3600,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 14 * 24 * 3600,
      Session: 14 * 24 * 3600,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: signOut,
        postLogoutSuccessSource: (ctx) => {
          ctx.set(pageHeaders())
          ctx.body = messagePage('已退出登录', '可以关闭本页，或回到商城换一个身份登录。')
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceOf(options.audience),
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== resourceOf(options.audience)) throw new errors.InvalidTarget()
          return {
            scope: apiScope,
            audience: options.audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          }
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.set(pageHeaders())
      ctx.body = messagePage('登录没有完成', `请回到商城重新登录。（${out.error}：${out.error_description ?? ''}）`)
    },
  }
  return new Provider(options.issuer, configuration)
}
