import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FunctionResult } from './function-worker.ts'
import { decode } from './http-routes.ts'
import { isRecord } from './template.ts'

/**
 * API Gateway's payload format 2.0, both ways. Sources: "Working with AWS Lambda proxy integrations for HTTP APIs" and
 * captures of the live service: `rawPath` arrives decoded, the cookie header leaves `headers` for `cookies`, repeated
 * headers and query values are joined by commas, and only text types travel as text.
 */

export interface JwtClaims {
  readonly claims: Readonly<Record<string, string>>
  readonly scopes: readonly string[] | null
}

export interface EventParts {
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>> | undefined
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  readonly jwt: JwtClaims | undefined
  readonly requestId: string
  readonly accountId: string
  readonly apiId: string
  readonly headers: Readonly<Record<string, string>>
  readonly sourceIp: string
  readonly receivedAt: number
  readonly body: Buffer
}

/** Headers that belong to one connection and never reach an integration. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
])

/** The headers an integration sees: without hop-by-hop ones, with the gateway's x-forwarded-… */
export function gatewayHeaders(
  raw: readonly string[],
  headers: IncomingHttpHeaders,
  sourceIp: string,
  port: number,
  traceId: string,
): Record<string, string> {
  const result: Record<string, string> = {}
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    const value = raw[at + 1] ?? ''
    if (HOP_BY_HOP.has(name) || named.includes(name)) continue
    const before = result[name]
    const separator = name === 'cookie' ? '; ' : ','
    result[name] = before === undefined ? value : `${before}${separator}${value}`
  }
  const forwarded = result['x-forwarded-for']
  result['x-forwarded-for'] = forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`
  result['x-forwarded-proto'] = 'http'
  result['x-forwarded-port'] = String(port)
  if (result['host'] !== undefined) result['x-forwarded-host'] = result['host']
  result['x-amzn-trace-id'] ??= traceId
  return result
}

export function buildEvent(incoming: IncomingMessage, parts: EventParts): Record<string, unknown> {
  const url = incoming.url ?? '/'
  const question = url.indexOf('?')
  const path = decode(question < 0 ? url : url.slice(0, question))
  const rawQueryString = question < 0 ? '' : url.slice(question + 1)
  const { cookie, ...headers } = parts.headers
  const cookies = cookie
    ?.split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const query = queryOf(rawQueryString)
  const domainName = headers['host'] ?? ''
  const base64 = parts.body.length > 0 && !isTextType(headers['content-type'])
  return {
    version: '2.0',
    routeKey: parts.routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies !== undefined && cookies.length > 0 && { cookies }),
    headers,
    ...(query !== undefined && { queryStringParameters: query }),
    requestContext: {
      accountId: parts.accountId,
      apiId: parts.apiId,
      ...(parts.jwt !== undefined && { authorizer: { jwt: parts.jwt } }),
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: incoming.method ?? 'GET',
        path,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: parts.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: parts.requestId,
      routeKey: parts.routeKey,
      stage: '$default',
      time: commonLogTime(parts.receivedAt),
      timeEpoch: parts.receivedAt,
    },
    ...(parts.pathParameters !== undefined && { pathParameters: parts.pathParameters }),
    ...(parts.stageVariables !== undefined && { stageVariables: parts.stageVariables }),
    ...(parts.body.length > 0 && { body: parts.body.toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  }
}

/** Text travels as text; everything else, also forms and a missing content type, as base64. */
export function isTextType(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type.startsWith('text/')) return true
  return (
    ['application/json', 'application/javascript', 'application/xml'].includes(type) ||
    /^application\/.*\+(json|xml)$/.test(type)
  )
}

function queryOf(raw: string): Record<string, string> | undefined {
  if (raw === '') return undefined
  const result: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(raw)) {
    const before = Object.hasOwn(result, name) ? result[name] : undefined
    result[name] = before === undefined ? value : `${before},${value}`
  }
  return result
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function commonLogTime(epochMs: number): string {
  const at = new Date(epochMs)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}

export interface GatewayResponse {
  readonly statusCode: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer | string
}

const TEXT_PLAIN = 'text/plain;charset=UTF-8'
const BROKEN: GatewayResponse = {
  statusCode: 500,
  headers: [['content-type', 'application/json']],
  body: '{"message":"Internal Server Error"}',
}

export function message(
  statusCode: number,
  text: string,
  more: readonly (readonly [string, string])[] = [],
): GatewayResponse {
  return {
    statusCode,
    headers: [['content-type', 'application/json'], ...more],
    body: JSON.stringify({ message: text }),
  }
}

/** What the client gets for a function's result; a result that is no valid response is an internal error. */
export function readResponse(result: FunctionResult): GatewayResponse {
  if (result.json === undefined)
    return { statusCode: 200, headers: [['content-type', 'application/json']], body: 'null' }
  const value: unknown = JSON.parse(result.json)
  if (!isRecord(value) || value['statusCode'] === undefined) {
    const whole = result.body === undefined ? result.json : JSON.stringify({ ...(value as object), body: result.body })
    const body = typeof value === 'string' ? value : whole
    return { statusCode: 200, headers: [['content-type', 'application/json']], body }
  }
  const statusCode = Number(value['statusCode'])
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) return BROKEN
  if (value['body'] !== undefined && value['body'] !== null && result.body === undefined) return BROKEN
  const headers = headersOf(value['headers'])
  const cookies = value['cookies']
  if (headers === undefined || (cookies !== undefined && !Array.isArray(cookies))) return BROKEN
  if (!headers.some(([name]) => name === 'content-type')) headers.push(['content-type', TEXT_PLAIN])
  for (const cookie of Array.isArray(cookies) ? cookies : []) headers.push(['set-cookie', String(cookie)])
  const body = result.body ?? ''
  return { statusCode, headers, body: value['isBase64Encoded'] === true ? Buffer.from(body, 'base64') : body }
}

function headersOf(value: unknown): [string, string][] | undefined {
  if (value === undefined || value === null) return []
  if (!isRecord(value)) return undefined
  const entries: [string, string][] = []
  for (const [name, header] of Object.entries(value)) {
    if (!['string', 'number', 'boolean'].includes(typeof header)) return undefined
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower) || lower === 'content-length') continue
    entries.push([lower, String(header)])
  }
  return entries
}
