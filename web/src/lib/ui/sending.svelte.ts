import type { SubmitFunction } from '$app/forms'

/**
 * Sends a form in the background. When no answer comes (a rural link, a lift) the page stays as it is with everything that
 * was typed, and `lost` tells the person so; the framework alone would put an error page in its place.
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
    return async ({ result, update }) => {
      // Without a status there was no answer; with one of 500 and more nobody knows either what became of it.
      const unknown = result.type === 'error' && (result.status === undefined || result.status >= 500)
      if (unknown) this.lost = true
      else await update({ reset: false, refreshAll: this.#refreshAll })
      if (!unknown) this.#after()
      this.busy = false
    }
  }
}
