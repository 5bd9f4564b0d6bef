import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../demo/http-client.ts'

/**
 * Tells when a sale's entry can be read: one reader per fund asks for the newest entries, as often as a busy page would,
 * and wakes whoever waits. Asking for each sale would make the measurement the load.
 */
const POLL_MS = { few: 25, many: 150 }
const MANY = 6
/** So many more than there were new ones the last time; what does not fit is on the next page. */
const SPARE = 4
const GIVE_UP_MS = 60_000
const PAGE_MAX = 100

export class EntryWatch {
  readonly #url: string
  readonly #token: string
  readonly #waiting = new Map<string, Map<string, (at: number) => void>>()
  readonly #reading = new Set<string>()
  /** The newest entry of each fund that was read. */
  readonly #readThrough = new Map<string, number>()

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /** The moment (ms) at which the entry was first seen. Rejects when that takes a minute. */
  seen(compoundId: string, saleId: string): Promise<number> {
    const waiting = this.#waiting.get(compoundId) ?? new Map<string, (at: number) => void>()
    this.#waiting.set(compoundId, waiting)
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(saleId)
        reject(new Error(`the entry of ${saleId} did not come`))
      }, GIVE_UP_MS)
      waiting.set(saleId, (at) => {
        clearTimeout(late)
        resolve(at)
      })
      if (!this.#reading.has(compoundId)) void this.#read(compoundId, waiting)
    })
  }

  async #read(compoundId: string, waiting: Map<string, (at: number) => void>): Promise<void> {
    this.#reading.add(compoundId)
    let fresh = PAGE_MAX
    while (waiting.size > 0) {
      fresh = await this.#readNew(compoundId, waiting, Math.min(PAGE_MAX, fresh + SPARE))
      await sleep(waiting.size > MANY ? POLL_MS.many : POLL_MS.few)
    }
    this.#reading.delete(compoundId)
  }

  /** Reads back from the newest entry to where the last reading began; returns how many there were. */
  async #readNew(compoundId: string, waiting: Map<string, (at: number) => void>, limit: number): Promise<number> {
    const known = this.#readThrough.get(compoundId)
    if (known === undefined) this.#readThrough.set(compoundId, 0)
    let fresh = 0
    let cursor: string | undefined
    do {
      const more = cursor === undefined ? '' : `&cursor=${cursor}`
      const url = `${this.#url}/api/funds/${compoundId}/entries?limit=${limit}${more}`
      const { status, text } = await send(url, { token: this.#token })
      if (status !== 200) return fresh
      const at = performance.now()
      const page = JSON.parse(text) as { items: { seq: number; saleId: string }[]; nextCursor?: string }
      const items = page.items.filter(({ seq }) => seq > (known ?? 0))
      for (const { seq, saleId } of items) {
        if (seq > (this.#readThrough.get(compoundId) ?? 0)) this.#readThrough.set(compoundId, seq)
        waiting.get(saleId)?.(at)
        waiting.delete(saleId)
      }
      fresh += items.length
      // What stands behind the first page of all was there before anybody waited.
      cursor = known !== undefined && items.length === page.items.length ? page.nextCursor : undefined
    } while (cursor !== undefined)
    return fresh
  }
}
