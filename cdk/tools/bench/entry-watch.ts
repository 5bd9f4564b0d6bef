import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../demo/http-client.ts'

/**
 * Tells when a sale's entry can be read: one reader per fund asks for the newest entries, as often as a busy page would,
 * and wakes whoever waits. Asking for each sale would make the measurement the load.
 */
const POLL_MS = { few: 25, many: 200 }
const MANY = 6
const NEWEST = 100
const GIVE_UP_MS = 60_000

export class EntryWatch {
  readonly #url: string
  readonly #token: string
  readonly #waiting = new Map<string, Map<string, (at: number) => void>>()
  readonly #reading = new Set<string>()

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
      const limit = Math.min(NEWEST, waiting.size + 20)
      const answer = await send(`${this.#url}/api/funds/${compoundId}/entries?limit=${limit}`, { token: this.#token })
      const at = performance.now()
      for (const found of answer.text.matchAll(/"saleId":"([^"]+)"/g)) {
        const saleId = found[1] ?? ''
        waiting.get(saleId)?.(at)
        waiting.delete(saleId)
      }
      await sleep(waiting.size > MANY ? POLL_MS.many : POLL_MS.few)
    }
    this.#reading.delete(compoundId)
  }
}
