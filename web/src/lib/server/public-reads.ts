import type { Route } from '#shared/contracts/route.ts'
import { addressOf, api, type Answer, type Input } from './api.ts'

/**
 * What everybody may read, asked for once in a while instead of once a page: a shop that many look at costs the API one
 * question in two seconds. Nothing that belongs to a person comes through here (no token is ever sent), and nothing that
 * money is decided by: the basket asks anew, and the order itself decides.
 */
const FRESH_MS = 2_000
/** A shop's answer is some 100 KB as objects. */
const KEPT_MAX = 200

type Kept = { readonly until: number; readonly answer: Promise<Answer<Route>> }
const kept = new Map<string, Kept>()

/** Makes room: what is over goes first, then the oldest. */
function sweep(now: number): void {
  for (const [key, { until }] of kept) if (until <= now) kept.delete(key)
  for (const key of kept.keys()) {
    if (kept.size < KEPT_MAX) return
    kept.delete(key)
  }
}

/** The answer may be up to two seconds old and is shared by requests: it must not be changed. A failure is not kept. */
export function publicRead<R extends Route>(route: R, input: Input<R>): Promise<Answer<R>> {
  const key = `${route.name} ${addressOf(route, input)}`
  const now = Date.now()
  const known = kept.get(key)
  // The key names the route, so what it holds is an answer of this very route.
  if (known && known.until > now) return known.answer as Promise<Answer<R>>
  const answer = api(route, input, { token: undefined })
  if (kept.size >= KEPT_MAX) sweep(now)
  kept.delete(key)
  const entry = { until: now + FRESH_MS, answer: answer as Promise<Answer<Route>> }
  kept.set(key, entry)
  void answer.then(({ ok }) => {
    if (!ok && kept.get(key) === entry) kept.delete(key)
  })
  return answer
}
