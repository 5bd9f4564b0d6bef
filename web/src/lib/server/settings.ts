/** What the storefront is told by its environment. Read once; a missing value stops the start with its name. */
export type Settings = {
  readonly apiBaseUrl: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly audience: string | undefined
  readonly scope: string
  readonly sessionsTable: string
  readonly dynamodbEndpoint: string | undefined
  /** Origins a form may lead to after a redirect: the hosted payment page and the issuer's sign-out. */
  readonly formTargets: readonly string[]
  /** Whether the hosted payment page can be paid inside WeChat's own browser. */
  readonly paysInWeChat: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

function required(env: Environment, name: string): string {
  const value = env[name]
  if (value === undefined || value === '') throw new Error(`the storefront needs the environment variable ${name}`)
  return value
}

/** Plain http is for one machine only: tokens and sessions must not cross a network in the clear. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}

function secureUrl(env: Environment, name: string): string {
  const value = required(env, name)
  if (!URL.canParse(value)) throw new Error(`${name} is not a URL`)
  if (new URL(value).protocol !== 'https:' && !isLoopback(value)) throw new Error(`${name} must be https`)
  return value.replace(/\/$/, '')
}

function formTargets(env: Environment, issuer: string, apiBaseUrl: string): readonly string[] {
  const checkout = (env['CHECKOUT_ORIGINS'] ?? 'https://checkout.stripe.com').split(/\s+/).filter(Boolean)
  // On one machine the payment sandbox has a port of its own that only the API knows.
  const local = isLoopback(apiBaseUrl) ? ['http://127.0.0.1:*'] : []
  return [...new Set([...checkout.map((url) => new URL(url).origin), new URL(issuer).origin, ...local])]
}

export function readSettings(env: Environment): Settings {
  const apiBaseUrl = secureUrl(env, 'API_BASE_URL')
  const issuer = secureUrl(env, 'OIDC_ISSUER')
  return {
    apiBaseUrl,
    issuer,
    clientId: required(env, 'OIDC_CLIENT_ID'),
    clientSecret: env['OIDC_CLIENT_SECRET'] || undefined,
    audience: env['OIDC_AUDIENCE'] || undefined,
    scope: env['OIDC_SCOPE'] || 'openid market',
    sessionsTable: required(env, 'SESSIONS_TABLE'),
    dynamodbEndpoint: env['DYNAMODB_ENDPOINT'] || undefined,
    formTargets: formTargets(env, issuer, apiBaseUrl),
    paysInWeChat: env['PAY_IN_WECHAT'] === 'yes',
  }
}

let read: Settings | undefined

export function settings(): Settings {
  read ??= readSettings(process.env)
  return read
}
