import middy from '@middy/core'
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type * as z from 'zod'
import type { Body, Output, Params, Query, RefusalCode, Route } from '#shared/contracts/route.ts'
import { personId } from '#shared/kernel/ids.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, loadCaller } from './caller.ts'
import { now } from './clock.ts'
import { Invalid } from './invalid.ts'
import { log } from './log.ts'
import { Missing } from './missing.ts'
import * as problems from './problem.ts'
import { Reply } from './reply.ts'
import { personOfToken } from './token.ts'

type Event = APIGatewayProxyEventV2WithJWTAuthorizer
type Answer = APIGatewayProxyStructuredResultV2

export type Input<R extends Route> = { readonly params: Params<R>; readonly query: Query<R>; readonly body: Body<R> }

export type RequestContext = {
  readonly now: Instant
  readonly requestId: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body as it came, for a signature that covers the bytes. */
  readonly rawBody: string
  /** Until the platform cuts the request off. */
  readonly remainingMs: () => number
}

/** `caller` is there on routes that ask for a token; on `anyone` routes it may be; on `public` ones it never is. */
export type Run<R extends Route> = (
  input: Input<R>,
  context: RequestContext & { readonly caller: Caller },
) => Promise<Output<R> | Refused<RefusalCode<R>> | Reply<Output<R>>>

export type RunForAnyone<R extends Route> = (
  input: Input<R>,
  context: RequestContext & { readonly caller: Caller | undefined },
) => Promise<Output<R> | Refused<RefusalCode<R>> | Reply<Output<R>>>

type Bound = {
  readonly route: Route
  readonly run: (input: Input<Route>, context: RequestContext & { caller: Caller | undefined }) => Promise<unknown>
  readonly options: HttpOptions
}

export type HttpOptions = {
  /** True where money moves: the caller's roles are read now and not from the cache. */
  readonly freshRoles?: boolean
  readonly bodyBytesMax?: number
  /** The handler reads `rawBody` itself; any content type is let through. */
  readonly raw?: boolean
  /** The handler may answer with the very same, never changed object again: it is checked and printed once. */
  readonly sharedAnswers?: boolean
}

const BODY_BYTES_MAX = 64 * 1024

/** A route that needs a token, with what answers it. */
export function http<R extends Route>(route: R, run: Run<R>, options: HttpOptions = {}): Bound {
  if (route.access === 'public' || route.access === 'anyone') throw new Error(`${route.name} has no caller`)
  return { route, run: run as unknown as Bound['run'], options }
}

/** A `public` or `anyone` route. */
export function openHttp<R extends Route>(route: R, run: RunForAnyone<R>, options: HttpOptions = {}): Bound {
  if (route.access !== 'public' && route.access !== 'anyone') throw new Error(`${route.name} needs a caller`)
  return { route, run: run as unknown as Bound['run'], options }
}

/** One Lambda for all routes of a context. Middy lives here and in the two neighbours, and nowhere else. */
export function httpHandler(...bound: readonly Bound[]) {
  const byRouteKey = new Map(bound.map((each) => [`${each.route.method} ${each.route.path}`, each]))
  return middy<Event, Answer, Error, Context>({ timeoutEarlyInMillis: 0 }).handler(async (event, context) => {
    const startedMs = performance.now()
    const found = byRouteKey.get(event.routeKey)
    const answer = found === undefined ? problems.missing() : await answerOf(found, event, context)
    log('info', 'request', {
      requestId: context.awsRequestId,
      route: found?.route.name ?? 'unknown',
      status: answer.statusCode ?? 0,
      durationMs: Math.round(performance.now() - startedMs),
    })
    return answer
  })
}

async function answerOf(bound: Bound, event: Event, context: Context): Promise<Answer> {
  const { route } = bound
  try {
    const at = now()
    const identity = await identify(route, event)
    if (identity.kind === 'none') return problems.unauthorized()
    const rawBody = textBody(event)
    if (Buffer.byteLength(rawBody) > (bound.options.bodyBytesMax ?? BODY_BYTES_MAX)) return problems.tooLarge()
    const fresh = bound.options.freshRoles === true
    const load = (anew: boolean) =>
      identity.kind === 'person' ? loadCaller(identity.personId, at, anew) : Promise.resolve(undefined)
    let caller = await load(fresh)
    // A role given a moment ago counts at once: nobody is refused for what we remember.
    if (!mayCall(route, caller) && !fresh) caller = await load(true)
    if (!mayCall(route, caller)) return problems.forbidden()
    if (wrongMedia(bound, event, rawBody)) return problems.unsupported()
    const input = parseInput(bound, event, rawBody)
    const { awsRequestId: requestId } = context
    const remainingMs = () => context.getRemainingTimeInMillis()
    const requestContext = { now: at, requestId, headers: event.headers, rawBody, remainingMs, caller }
    return success(bound, await bound.run(input, requestContext))
  } catch (error) {
    return problems.thrown(error, context.awsRequestId, route.name)
  }
}

type Identity = { kind: 'none' } | { kind: 'nobody' } | { kind: 'person'; personId: string }

async function identify(route: Route, event: Event): Promise<Identity> {
  if (route.access === 'public') return { kind: 'nobody' }
  if (route.access === 'anyone') {
    const header = event.headers.authorization
    if (header === undefined) return { kind: 'nobody' }
    const token = /^Bearer (.+)$/i.exec(header)?.[1]
    const person = token === undefined ? undefined : await personOfToken(token)
    return person === undefined ? { kind: 'none' } : { kind: 'person', personId: person }
  }
  // The gateway's authorizer has checked the token; a route that lost its authorizer must not let anybody in.
  const claims = event.requestContext.authorizer?.jwt?.claims
  if (typeof claims?.iss !== 'string' || typeof claims.sub !== 'string') return { kind: 'none' }
  return { kind: 'person', personId: personId(claims.iss, claims.sub) }
}

function mayCall(route: Route, caller: Caller | undefined): boolean {
  const { access } = route
  if (access === 'public' || access === 'anyone' || access === 'signed-in') return true
  return caller !== undefined && caller.memberships.some((held) => access.includes(held.role))
}

function textBody(event: Event): string {
  if (event.body === undefined) return ''
  return event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body
}

// A cross-site form cannot send application/json without a preflight that we never answer.
function wrongMedia(bound: Bound, event: Event, rawBody: string): boolean {
  if (rawBody === '' || bound.options.raw === true) return false
  return !/^application\/json\b/i.test(event.headers['content-type'] ?? '')
}

function parseInput(bound: Bound, event: Event, rawBody: string): Input<Route> {
  const { route } = bound
  const params = parse(route.params, event.pathParameters ?? {})
  // A path that cannot be an id names nothing: 404, not 400.
  if (!params.success) throw new Missing()
  const query = parse(route.query, event.queryStringParameters ?? {})
  const body = bound.options.raw === true ? undefined : bodyOf(rawBody)
  const parsedBody = bound.options.raw === true ? { success: true as const, data: undefined } : parse(route.body, body)
  const fields = { ...problemFields(query), ...problemFields(parsedBody) }
  if (!query.success || !parsedBody.success) throw new Invalid(fields)
  return { params: params.data, query: query.data, body: parsedBody.data }
}

function bodyOf(rawBody: string): unknown {
  if (rawBody === '') return {}
  try {
    return JSON.parse(rawBody)
  } catch {
    throw new Invalid({ body: 'not JSON' })
  }
}

type Parsed = { success: true; data: unknown } | { success: false; error: z.ZodError }

function parse(schema: z.ZodType, value: unknown): Parsed {
  return schema.safeParse(value) as Parsed
}

function problemFields(parsed: Parsed): Record<string, string> {
  if (parsed.success) return {}
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues.slice(0, 50)) fields[issue.path.join('.') || 'body'] ??= issue.message
  return fields
}

function success({ route, options }: Bound, result: unknown): Answer {
  if (isRefused(result)) return problems.refusal(route, result)
  const reply = result instanceof Reply ? result : new Reply(result, {})
  const headers = { 'content-type': contentType(route), 'cache-control': 'no-store', ...reply.headers }
  if (reply.status === 304) return { statusCode: 304, headers }
  const body = options.sharedAnswers === true ? printedOnce(route, reply.output) : printed(route, reply.output)
  return { statusCode: reply.status, headers, body }
}

/** What leaves is parsed too: a field that the contract does not know can never slip out. */
function printed(route: Route, answer: unknown): string {
  const output = route.output.parse(answer)
  return route.media === 'application/json' ? JSON.stringify(output) : String(output)
}

const bodies = new WeakMap<object, string>()

function printedOnce(route: Route, answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return printed(route, answer)
  const body = bodies.get(answer) ?? printed(route, answer)
  bodies.set(answer, body)
  return body
}

function contentType(route: Route): string {
  return route.media === 'application/json' ? 'application/json' : `${route.media}; charset=utf-8`
}

function isRefused(result: unknown): result is Refused {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'refused'
}
