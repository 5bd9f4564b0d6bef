import type * as z from 'zod'
import type { Output, Problem, Route } from '#shared/contracts/route.ts'
import { settings } from './settings.ts'

/** The API gives up after 30 s; a page should have said something long before. */
const TIMEOUT_MS = 10_000

// What is sent is what the schema takes in (`z.input`): plain numbers for money, before the API brands them. A part that the
// contract leaves empty has an index signature of nothing, and is left out here.
type Nothing<Part> = string extends keyof Part ? true : false
type Sendable<Part> = {
  [Key in keyof Part]: Record<never, never> extends Pick<Part, Key> ? Part[Key] | undefined : Part[Key]
}
type Parts<R extends Route> = {
  params: z.input<R['params']>
  query: z.input<R['query']>
  body: z.input<R['body']>
}
type Filled<R extends Route> = {
  [Name in keyof Parts<R> as Nothing<Parts<R>[Name]> extends true ? never : Name]: Sendable<Parts<R>[Name]>
}
/** What a route takes: its parameters, query and body, as far as the contract has them. A query may always be left out. */
export type Input<R extends Route> = Omit<Filled<R>, 'query'> &
  (Filled<R> extends { query: infer Query } ? { query?: Query } : unknown)

export type Caller = { readonly token: string | undefined; readonly ifNoneMatch?: string | undefined }
export type Result<Data> =
  | { readonly ok: true; readonly data: Data; readonly etag: string | undefined }
  | { readonly ok: false; readonly problem: Problem; readonly status: number }
export type Answer<R extends Route> = Result<Output<R>>

type Loose = {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** The address of a route: its path with the parameters put in, and the query without what is undefined. */
export function addressOf(route: Pick<Route, 'path'>, input: Loose): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = input.params?.[name]
    if (value === undefined || value === '') throw new Error(`${route.path} lacks ${name}`)
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `${path}?${query}` : path
}

/** Sends a request to the API as it is; the answer is whatever came. For exports and polling; pages use `api`. */
export async function send(route: Route, input: object, caller: Caller): Promise<Response> {
  const given = input as Loose
  const headers: Record<string, string> = { accept: `${route.media}, application/problem+json` }
  if (caller.token !== undefined) headers['authorization'] = `Bearer ${caller.token}`
  if (caller.ifNoneMatch !== undefined) headers['if-none-match'] = caller.ifNoneMatch
  if (given.body !== undefined) headers['content-type'] = 'application/json'
  return fetch(settings().apiBaseUrl + addressOf(route, given), {
    method: route.method,
    headers,
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
}

/**
 * The only door to the backend. A refusal or a failure is a value with a stable code; nothing is thrown for what a network
 * or the API may do. `UNREACHABLE` means that nobody knows whether the request was carried out.
 */
export async function api<R extends Route>(route: R, input: Input<R>, caller: Caller): Promise<Answer<R>> {
  let response: Response
  let body: unknown
  try {
    response = await send(route, input as object, caller)
    body = await readJson(response)
  } catch (reason) {
    console.error(JSON.stringify({ message: 'api unreachable', route: route.name, reason: String(reason) }))
    return {
      ok: false,
      status: 503,
      problem: { type: 'about:blank', title: 'Unreachable', status: 503, code: 'UNREACHABLE' },
    }
  }
  // The one place where the contract's type is taken on trust: both ends are built from it.
  if (response.ok) return { ok: true, data: body as Output<R>, etag: response.headers.get('etag') ?? undefined }
  return { ok: false, status: response.status, problem: problemOf(response.status, body) }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return undefined
  return text === '' ? undefined : JSON.parse(text)
}

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'BUSY',
  503: 'BUSY',
}

/** Problem details as far as they hold; the gateway's own answers (401 by the authorizer, 503) have none. */
export function problemOf(status: number, body: unknown): Problem {
  const code = codeOfStatus[status] ?? 'BROKEN'
  const given = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  return {
    type: 'about:blank',
    title: typeof given.title === 'string' ? given.title : code,
    status,
    code: typeof given.code === 'string' ? given.code : code,
    ...(typeof given.detail === 'string' ? { detail: given.detail } : {}),
    ...(typeof given.fields === 'object' && given.fields !== null ? { fields: given.fields } : {}),
    ...(typeof given.requestId === 'string' ? { requestId: given.requestId } : {}),
  }
}
