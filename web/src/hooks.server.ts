import { building } from '$app/env'
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit/hooks'
import { randomUUID } from 'node:crypto'
import { htmlLang, toLang, type Lang } from '#web/lib/text/lang.ts'
import { langCookie } from '#web/lib/server/cookies.ts'
import { settings } from '#web/lib/server/settings.ts'
import { visitorOf } from '#web/lib/server/visitor.ts'

/** A storefront that lacks a setting does not start half. */
export const init: ServerInit = () => {
  if (!building) settings()
}

const withoutCamera = 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()'
/** A pick-up counter reads the residents' QR codes. */
const withCamera = withoutCamera.replace('camera=()', 'camera=(self)')

const headers: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': withoutCamera,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
}

function langOf(event: Parameters<Handle>[0]['event']): Lang {
  const asked = toLang(event.url.searchParams.get('lang'))
  if (asked && asked !== langCookie.read(event)) langCookie.write(event, asked)
  return asked ?? toLang(langCookie.read(event)) ?? 'zh'
}

export const handle: Handle = async ({ event, resolve }) => {
  // Renders nothing and asks nobody: it tells only that this process answers.
  if (event.url.pathname === '/healthz') return resolve(event)

  event.locals.lang = langOf(event)
  event.locals.visitor = visitorOf(event)
  const answer = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', htmlLang[event.locals.lang]),
  })
  // A page's own headers may be changed; those of an answer that was passed on may not.
  const response = answer.headers.get('content-type')?.startsWith('text/html')
    ? answer
    : new Response(answer.body, answer)
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  if (event.route.id?.endsWith('/pick-up/offline')) response.headers.set('permissions-policy', withCamera)
  if (event.url.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains')
  }
  // Pages show what belongs to one person, at one moment.
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-store')
  allowFormTargets(response)
  return response
}

/** Chromium applies `form-action` to the redirect that follows a form, so the payment page's origin has to be named. */
function allowFormTargets(response: Response): void {
  const policy = response.headers.get('content-security-policy')
  if (policy === null) return
  const targets = ["'self'", ...settings().formTargets].join(' ')
  response.headers.set('content-security-policy', policy.replace("form-action 'self'", `form-action ${targets}`))
}

export const handleError: HandleServerError = ({ kind, error, event }) => {
  // Said by us on purpose, in words for people.
  if (kind === 'app') return {}
  if (kind === 'framework' || kind === 'validation') return { code: error.status === 404 ? 'NOT_FOUND' : 'INVALID' }
  const requestId = randomUUID()
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.error(JSON.stringify({ message: 'page broke', requestId, route: event.route.id, reason }))
  return { message: 'Internal Error', code: 'BROKEN', requestId }
}
