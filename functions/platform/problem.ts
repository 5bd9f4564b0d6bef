import { Busy } from './busy.ts'
import { Invalid } from './invalid.ts'
import { log } from './log.ts'
import { Forbidden, Missing } from './missing.ts'
import type { Problem, Route } from '#shared/contracts/route.ts'
import type { Refused } from '#shared/kernel/outcome.ts'

export type HttpAnswer = {
  statusCode: number
  headers: Record<string, string>
  body: string
}

/** RFC 9457. `type` is about:blank-like on purpose: the stable name of a problem is its `code`. */
function problem(
  status: number,
  code: string,
  title: string,
  more: Partial<Problem> = {},
  headers: Record<string, string> = {},
): HttpAnswer {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, code, ...more }),
  }
}

export function refusal(route: Route, refused: Refused): HttpAnswer {
  const status = route.refusals[refused.code]
  if (status === undefined) throw new Error(`${route.name} refused with an undeclared code ${refused.code}`)
  return problem(status, refused.code, 'Refused', {
    ...(refused.detail === undefined ? {} : { detail: refused.detail }),
    ...(refused.fields === undefined ? {} : { fields: { ...refused.fields } }),
  })
}

export function invalid(fields: Readonly<Record<string, string>>): HttpAnswer {
  return problem(400, 'INVALID', 'Invalid request', { fields: { ...fields } })
}

export const unauthorized = () =>
  problem(401, 'UNAUTHORIZED', 'A valid token is needed', {}, { 'www-authenticate': 'Bearer' })
export const forbidden = () => problem(403, 'FORBIDDEN', 'Not for this caller')
export const missing = () => problem(404, 'NOT_FOUND', 'Not found')
export const tooLarge = () => problem(413, 'TOO_LARGE', 'The body is too large')
export const unsupported = () => problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json')

/** The one map from what was thrown to what a caller sees. Of a bug the caller learns a request id and nothing else. */
export function thrown(error: unknown, requestId: string, routeName: string): HttpAnswer {
  if (error instanceof Invalid) return invalid(error.fields)
  if (error instanceof Missing) return missing()
  if (error instanceof Forbidden) return forbidden()
  if (error instanceof Busy) {
    return problem(503, 'BUSY', 'Busy, nothing was done', {}, { 'retry-after': String(error.retryAfterSeconds) })
  }
  const facts = error instanceof Error ? { error: error.name, why: error.message, stack: error.stack ?? '' } : {}
  log('error', 'broken', { requestId, route: routeName, ...facts })
  return problem(500, 'BROKEN', 'Something broke', { requestId })
}
