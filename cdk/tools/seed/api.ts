import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { problemSchema, type Output, type Params, type Query, type Route } from '#shared/contracts/route.ts'

/** The loader's door to the system: plain HTTP by the contracts, as any other client. */
export type SeedApi = {
  call<R extends Route>(route: R, asked?: Asked<R>): Promise<Answer<R>>
}

type Asked<R extends Route> = {
  readonly params?: Params<R>
  readonly query?: Partial<Query<R>>
  readonly body?: z.input<R['body']>
}

export type Answer<R extends Route> =
  | { readonly kind: 'ok'; readonly output: Output<R> }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }

const TRIES_MAX = 6
const FIRST_WAIT_MS = 100

/** Everything the seed sends may be sent again: busy answers and broken connections are tried a few times. */
export function seedApi(apiUrl: string, token: () => Promise<string>): SeedApi {
  let bearer: Promise<string> | undefined
  const once = async (route: Route, url: string, body: string | undefined): Promise<Response | undefined> => {
    bearer ??= token()
    const headers = { authorization: `Bearer ${await bearer}`, ...(body ? { 'content-type': 'application/json' } : {}) }
    const answer = await fetch(url, { method: route.method, headers, ...(body ? { body } : {}) }).catch(() => undefined)
    if (answer?.status === 401) bearer = undefined
    return answer
  }
  return {
    async call(route, asked = {}) {
      const url = apiUrl + pathOf(route, asked)
      const body = asked.body === undefined ? undefined : JSON.stringify(asked.body)
      for (let attempt = 1; ; attempt++) {
        const answer = await once(route, url, body)
        // Every step of the seed may be sent again: what is there already changes nothing. A slow machine may cut one off (5xx).
        const again = answer === undefined || answer.status === 401 || answer.status >= 500
        if (!again) return read(route, answer)
        if (attempt >= TRIES_MAX) throw new Error(`${route.name} got no answer (${answer?.status ?? 'no connection'})`)
        await answer?.body?.cancel()
        await sleep(FIRST_WAIT_MS * 2 ** attempt * Math.random())
      }
    },
  }
}

function pathOf(route: Route, asked: { readonly params?: unknown; readonly query?: unknown }): string {
  const params = (asked.params ?? {}) as Record<string, string>
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked.query ?? {})) if (value !== undefined) query.set(name, String(value))
  return query.size === 0 ? path : `${path}?${query}`
}

async function read<R extends Route>(route: R, answer: Response): Promise<Answer<R>> {
  const text = await answer.text()
  // The contract's own schema has parsed this on the way out.
  if (answer.status === 200) return { kind: 'ok', output: JSON.parse(text) as Output<R> }
  const problem = problemSchema.safeParse(parsed(text))
  if (problem.success && problem.data.code in route.refusals) {
    return { kind: 'refused', code: problem.data.code, detail: problem.data.detail ?? '' }
  }
  throw new Error(`${route.name} answered ${answer.status}: ${text.slice(0, 500)}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
