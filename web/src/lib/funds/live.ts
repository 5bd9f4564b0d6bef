import type { FundPage } from '../server/fund-page.ts'

const POLL_MS = 1_500
/** While the server does not answer, it is asked less often, up to this. */
const POLL_SLOWEST_MS = 15_000
/** A line that has gone dead says nothing at all: figures of minutes ago must not stand there as those of now. */
const ANSWER_WITHIN_MS = 12_000

export type LiveState = 'live' | 'paused' | 'offline'
type Told = { readonly page?: FundPage; readonly state: LiveState }

/**
 * Asks for a fund's figures every 1.5 s while the page can be seen, and tells when they moved. One question at a time: a slow
 * answer delays the next question instead of being overtaken by it. Returns how to stop.
 */
export function watchFund(url: string, etag: string | undefined, tell: (told: Told) => void): () => void {
  let known = etag
  let wait = POLL_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  async function ask(): Promise<void> {
    try {
      const headers: Record<string, string> = known === undefined ? {} : { 'if-none-match': known }
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
      const answer = await fetch(url, { headers, cache: 'no-store', signal })
      if (stopped) return
      wait = POLL_MS
      if (answer.ok) {
        known = answer.headers.get('etag') ?? undefined
        tell({ page: (await answer.json()) as FundPage, state: 'live' })
      } else if (answer.status === 304) {
        tell({ state: 'live' })
      } else {
        throw new Error(String(answer.status))
      }
    } catch {
      wait = Math.min(wait * 2, POLL_SLOWEST_MS)
      if (!stopped) tell({ state: 'offline' })
    }
  }

  async function turn(): Promise<void> {
    if (document.visibilityState === 'visible') await ask()
    else tell({ state: 'paused' })
    if (!stopped && document.visibilityState === 'visible') timer = setTimeout(() => void turn(), wait)
  }

  function onVisibility(): void {
    clearTimeout(timer)
    void turn()
  }

  document.addEventListener('visibilitychange', onVisibility)
  timer = setTimeout(() => void turn(), POLL_MS)
  return () => {
    stopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onVisibility)
  }
}
