/** Counts how many things came in the last second or so, to tell a busy stream from a quiet one. */
const WINDOW_MS = 1_000

export class Pace {
  #perSecond = 0
  #atMs = 0

  /** Things per second, the older ones fading out over a second. */
  count(things: number, nowMs: number): number {
    this.#perSecond = this.#perSecond * Math.exp((this.#atMs - nowMs) / WINDOW_MS) + things
    this.#atMs = nowMs
    return this.#perSecond
  }
}
