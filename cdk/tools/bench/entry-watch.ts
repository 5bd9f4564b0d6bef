import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../demo/http-client.ts'

/**
 * Tells when a sale's entry can be read: one reader per fund asks for the newest entries, as often as a busy page would,
 * and wakes whoever waits. Asking for each sale would make the measurement the load.
 */
const POLL_MS = { few: 25, many: 50 }
const MANY = 6
/** About as many as a busy fund gets between two looks. */
const LOOK = 6
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
    while (waiting.size > 0) {
      await this.#readNew(compoundId, waiting)
      await sleep(waiting.size > MANY ? POLL_MS.many : POLL_MS.few)
    }
    this.#reading.delete(compoundId)
  }

  /** Looks at the newest entries; if there are more new ones, reads back to where the last reading began. */
  async #readNew(compoundId: string, waiting: Map<string, (at: number) => void>): Promise<void> {
    const known = this.#readThrough.get(compoundId)
    let page = await this.#page(compoundId, { limit: LOOK })
    // What stands in the fund when it is first looked at was there before anybody waited.
    const newest = page.items[0]?.seq ?? 0
    this.#readThrough.set(compoundId, newest)
    if (known === undefined) page = await this.#page(compoundId, { limit: PAGE_MAX })
    for (let left = newest - (known ?? newest); ;) {
      const at = performance.now()
      for (const { saleId } of page.items) {
        waiting.get(saleId)?.(at)
        waiting.delete(saleId)
      }
      left -= page.items.length
      if (left <= 0 || page.nextCursor === undefined) return
      page = await this.#page(compoundId, { limit: Math.min(PAGE_MAX, left), cursor: page.nextCursor })
    }
  }

  async #page(compoundId: string, query: { limit: number; cursor?: string }): Promise<Page> {
    const more = query.cursor === undefined ? '' : `&cursor=${query.cursor}`
    const url = `${this.#url}/api/funds/${compoundId}/entries?limit=${query.limit}${more}`
    const { status, text } = await send(url, { token: this.#token })
    return status === 200 ? (JSON.parse(text) as Page) : { items: [] }
  }
}

type Page = { readonly items: readonly { seq: number; saleId: string }[]; readonly nextCursor?: string }
