import { type Instant, toMs } from '#shared/kernel/time.ts'

/**
 * Answers of public reads, kept a short while per warm instance. Never for a decision: those read the table. Requests that
 * miss at the same time share one load; a load that fails is forgotten.
 */
export class TtlCache<T> {
  readonly #ttlMs: number
  readonly #max: number
  readonly #entries = new Map<string, { readonly value: Promise<T>; readonly readAtMs: number }>()

  constructor(ttlMs: number, max: number) {
    this.#ttlMs = ttlMs
    this.#max = max
  }

  get(key: string, now: Instant, load: () => Promise<T>): Promise<T> {
    const nowMs = toMs(now)
    const cached = this.#entries.get(key)
    if (cached !== undefined && nowMs - cached.readAtMs < this.#ttlMs) return cached.value
    if (this.#entries.size >= this.#max) this.#entries.clear()
    const value = load()
    const entry = { value, readAtMs: nowMs }
    this.#entries.set(key, entry)
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key)
    })
    return value
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
