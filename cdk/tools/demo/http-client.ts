import { Agent, type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import type { Params, Query, Route } from '../../../shared/contracts/route.ts'

/** A client of the API as any other: plain HTTP, connections kept open, answers parsed by the published contract. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

export type Outgoing = {
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const TIMEOUT_MS = 60_000
const agents = {
  'http:': new Agent({ keepAlive: true, maxSockets: 1_024, maxFreeSockets: 1_024 }),
  'https:': new TlsAgent({ keepAlive: true, maxSockets: 64 }),
}

/** One request. Rejects only when no whole answer comes. */
export function send(url: string, outgoing: Outgoing = {}): Promise<Answer> {
  const at = new URL(url)
  const secure = at.protocol === 'https:'
  const { body, token } = outgoing
  return new Promise((resolve, reject) => {
    const asking = (secure ? tlsRequest : plainRequest)(at, {
      method: outgoing.method ?? 'GET',
      agent: secure ? agents['https:'] : agents['http:'],
      timeout: TIMEOUT_MS,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...outgoing.headers,
      },
    })
    asking.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      )
    })
    asking.on('timeout', () => asking.destroy(new Error(`no answer from ${at.pathname} in ${TIMEOUT_MS} ms`)))
    asking.on('error', reject)
    asking.end(body)
  })
}

/** Lets connections go, so that the process can end. */
export function hangUp(): void {
  agents['http:'].destroy()
  agents['https:'].destroy()
}

export type Said<R extends Route> =
  | { readonly kind: 'ok'; readonly output: z.output<R['output']>; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly answer: Answer }

export type Asked<R extends Route> = {
  readonly params?: Params<R>
  readonly query?: Partial<Query<R>>
  readonly body?: z.input<R['body']>
  readonly token?: string | undefined
}

const BUSY_TRIES_MAX = 8
let busyAnswers = 0
/** How often the system asked us to come back a little later. */
export const busySeen = (): number => busyAnswers

/**
 * Calls a route. Busy (503 with Retry-After) is asked again, as every client must; all our writes may be repeated.
 * A refusal is a value; an answer that breaks the contract is thrown.
 */
export async function call<R extends Route>(base: string, route: R, asked: Asked<R> = {}): Promise<Said<R>> {
  const url = base + pathOf(route, asked)
  for (let attempt = 0; ; attempt++) {
    const answer = await send(url, {
      method: route.method,
      token: asked.token,
      ...(asked.body === undefined
        ? {}
        : { body: JSON.stringify(asked.body), headers: { 'content-type': 'application/json' } }),
    })
    if (answer.status === 503 && attempt < BUSY_TRIES_MAX) {
      busyAnswers += 1
      await sleep(Math.random() * 500 * (attempt + 1))
      continue
    }
    if (answer.status >= 500) throw new Error(`${route.name}: ${answer.status} ${answer.text.slice(0, 300)}`)
    if (answer.status >= 400) return { kind: 'refused', status: answer.status, code: codeOf(answer.text), answer }
    const output = route.media === 'application/json' ? route.output.parse(JSON.parse(answer.text)) : answer.text
    return { kind: 'ok', output: output as z.output<R['output']>, answer }
  }
}

/** Calls a route that must not say no. */
export async function must<R extends Route>(
  base: string,
  route: R,
  asked: Asked<R> = {},
): Promise<z.output<R['output']>> {
  const said = await call(base, route, asked)
  if (said.kind === 'ok') return said.output
  throw new Error(`${route.name} was refused: ${said.status} ${said.answer.text.slice(0, 300)}`)
}

function pathOf<R extends Route>(route: R, asked: Asked<R>): string {
  const params = (asked.params ?? {}) as Readonly<Record<string, string>>
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))
  const query = Object.entries((asked.query ?? {}) as Readonly<Record<string, unknown>>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}

function codeOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && 'code' in parsed ? String(parsed.code) : ''
  } catch {
    return ''
  }
}

/** All pages of a list. */
export async function allPages<Item>(
  load: (cursor: string | undefined) => Promise<{ items: readonly Item[]; nextCursor?: string | undefined }>,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const page = await load(cursor)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}

/** Runs work over items with so many at a time; the first failure ends it. */
export async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let failed = false
  const lane = async () => {
    while (next < items.length && !failed) {
      const at = next++
      try {
        await work(items[at] as Item, at)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
}
