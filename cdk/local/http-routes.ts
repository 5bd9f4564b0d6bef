import { RefusedByHost } from './resource-types.ts'

/** Route selection of an HTTP API: the most specific path wins, then the exact method over ANY, then `$default`. */

export interface RouteMatch<Route> {
  readonly route: Route
  readonly pathParameters: Readonly<Record<string, string>> | undefined
}

type Segment = { readonly kind: 'text' | 'variable' | 'greedy'; readonly name: string }

interface Entry<Route> {
  readonly method: string
  readonly segments: readonly Segment[]
  readonly route: Route
}

const RANK = { text: 0, variable: 1, greedy: 2 } as const

export class RouteTable<Route> {
  readonly #entries: Entry<Route>[] = []
  #fallback: Route | undefined

  /** `routeKey` is `$default` or `METHOD /path/{variable}/{greedy+}`. */
  add(routeKey: string, route: Route): void {
    if (routeKey === '$default') {
      this.#fallback = route
      return
    }
    const [method, path, ...rest] = routeKey.split(' ')
    if (method === undefined || path === undefined || !path.startsWith('/') || rest.length > 0) {
      throw new RefusedByHost(`route key ${routeKey} is not METHOD /path`)
    }
    const segments = path.slice(1).split('/').map(segmentOf)
    if (segments.slice(0, -1).some((segment) => segment.kind === 'greedy')) {
      throw new RefusedByHost(`route key ${routeKey}: a greedy variable must come last`)
    }
    this.#entries.push({ method, segments, route })
    this.#entries.sort(moreSpecificFirst)
  }

  /** `path` as sent, without the query. */
  find(method: string, path: string): RouteMatch<Route> | undefined {
    const parts = path.slice(1).split('/').map(decode)
    for (const { method: wanted, segments, route } of this.#entries) {
      if (wanted !== method && wanted !== 'ANY') continue
      const variables = match(segments, parts)
      if (variables === undefined) continue
      return { route, pathParameters: Object.keys(variables).length > 0 ? variables : undefined }
    }
    return this.#fallback === undefined ? undefined : { route: this.#fallback, pathParameters: undefined }
  }
}

function segmentOf(text: string): Segment {
  const variable = /^\{([^{}+]+)(\+?)\}$/.exec(text)
  if (variable?.[1] === undefined) return { kind: 'text', name: text }
  return { kind: variable[2] === '+' ? 'greedy' : 'variable', name: variable[1] }
}

function moreSpecificFirst(left: Entry<unknown>, right: Entry<unknown>): number {
  const length = Math.max(left.segments.length, right.segments.length)
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.segments[at], right.segments[at]]
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1
    if (a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind]
  }
  return Number(left.method === 'ANY') - Number(right.method === 'ANY')
}

function match(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const last = segments.at(-1)
  if (last?.kind === 'greedy' ? parts.length < segments.length : parts.length !== segments.length) return undefined
  const variables: Record<string, string> = {}
  for (const [at, segment] of segments.entries()) {
    const part = parts[at] ?? ''
    if (segment.kind === 'text') {
      if (segment.name !== part) return undefined
      continue
    }
    const value = segment.kind === 'greedy' ? parts.slice(at).join('/') : part
    if (value === '') return undefined
    variables[segment.name] = value
  }
  return variables
}

export function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
