import { Pace } from './pace.ts'
import { PAGE } from './stream-cursor.ts'

/** With fewer records a stream is quiet: nobody gains by larger batches, and somebody may be watching. */
const BUSY_PER_SECOND = 400
const QUIET_POLL_MS = 40

export interface Turn {
  /** The shards that may deliver what they hold. */
  readonly shards: readonly number[]
  /** From the beginning of this read to the next one's; 0 = read on at once. */
  readonly everyMs: number
}

/**
 * Which shards deliver after a read, and when the next read is. On a busy stream one shard a turn: each is read every
 * `pollMs` as on AWS, and like there not all at the same moment, which would make the whole system work in bursts. On a
 * quiet stream, and while there is a backlog to be read, all of them.
 */
export class ShardTurns {
  readonly #pace = new Pace()
  readonly #all: readonly number[]
  readonly #pollMs: number
  #last = 0

  constructor(shards: number, pollMs: number) {
    this.#all = Array.from({ length: shards }, (_none, at) => at)
    this.#pollMs = pollMs
  }

  /** A read that gave `count` records began at `nowMs`. */
  next(count: number, nowMs: number): Turn {
    this.#last = (this.#last + 1) % this.#all.length
    if (count === 0) return { shards: this.#all, everyMs: 0 }
    const busy = this.#pace.count(count, nowMs) > BUSY_PER_SECOND
    if (count >= PAGE) return { shards: this.#all, everyMs: 0 }
    return busy
      ? { shards: [this.#last], everyMs: this.#pollMs / this.#all.length }
      : { shards: this.#all, everyMs: Math.min(this.#pollMs, QUIET_POLL_MS) }
  }
}
