import type { SubmitFunction } from '$app/forms'
import { invalidateAll } from '$app/navigation'
import { navigating } from '$app/state'

/**
 * Sends a form in the background. When no answer comes (a rural link, a lift) the page stays as it is with everything that
 * was typed, and `lost` tells the person so; the framework alone would put an error page in its place. Who goes on to another
 * page before the answer comes stays there; the framework alone would fetch them back.
 */
export class Sending {
  busy = $state(false)
  lost = $state(false)
  readonly #after: () => void
  readonly #refreshAll: boolean

  constructor(after: () => void = () => {}, { refreshAll = true } = {}) {
    this.#after = after
    this.#refreshAll = refreshAll
  }

  readonly submit: SubmitFunction = () => {
    this.busy = true
    this.lost = false
    const from = location.pathname
    return async ({ result, update }) => {
      if ((navigating.to?.url ?? location).pathname !== from) {
        this.busy = false
        // The page they are on may have been loaded before what they sent was done.
        if (result.type === 'success' && this.#refreshAll && navigating.to === null) await invalidateAll()
        return
      }
      // Without a status there was no answer; with one of 500 and more nobody knows either what became of it.
      const unknown = result.type === 'error' && (result.status === undefined || result.status >= 500)
      if (unknown) this.lost = true
      else await update({ reset: false, refreshAll: this.#refreshAll })
      if (!unknown) this.#after()
      this.busy = false
    }
  }
}
