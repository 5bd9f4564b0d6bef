import * as z from 'zod'
import { send } from './http-client.ts'

/** The payment sandbox's control interface: disorder on purpose, and its log of webhooks. */
const deliverySchema = z.object({
  id: z.int(),
  eventId: z.string(),
  type: z.string(),
  objectId: z.string().nullable(),
  state: z.string(),
  answeredAt: z.string().nullable(),
})
export type Delivery = z.infer<typeof deliverySchema>
const pageSchema = z.object({ data: z.array(deliverySchema), nextAfter: z.int(), pending: z.int() })

const PAGE = 1_000

export class SandboxControl {
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  /** False when this is no sandbox: then nothing can be disturbed. */
  async setFaults(faults: Readonly<Record<string, number | boolean>>): Promise<boolean> {
    return (await this.#post('/_sandbox/faults', faults)) === 200
  }

  async redeliver(eventId: string): Promise<boolean> {
    return (await this.#post('/_sandbox/redeliver', { eventId })) === 200
  }

  /** Id of the newest delivery, so that a later reading begins after it. */
  async now(): Promise<number> {
    return (await this.deliveries(0)).at(-1)?.id ?? 0
  }

  async deliveries(after: number): Promise<Delivery[]> {
    const all: Delivery[] = []
    for (let from = after; ;) {
      const page = await this.#page(from, PAGE)
      all.push(...page.data)
      if (page.data.length < PAGE) return all
      from = page.nextAfter
    }
  }

  async pending(): Promise<number> {
    return (await this.#page(Number.MAX_SAFE_INTEGER, 1)).pending
  }

  async #page(after: number, limit: number) {
    const answer = await send(`${this.#base}/_sandbox/deliveries?after=${after}&limit=${limit}`)
    if (answer.status !== 200) throw new Error(`the payment sandbox's log answers ${answer.status}`)
    return pageSchema.parse(JSON.parse(answer.text))
  }

  async #post(path: string, body: unknown): Promise<number> {
    const headers = { 'content-type': 'application/json' }
    return (await send(this.#base + path, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
}
