import { setTimeout as sleep } from 'node:timers/promises'
import { listEntries } from '../../../shared/contracts/fund.ts'
import { call } from './http-client.ts'
import type { SandboxControl } from './sandbox.ts'

/**
 * How long a sale takes from the provider's webhook being answered 2xx until its entry can be read through the API. Both
 * ends are clocks of this machine. Sampled: every reader is a load of its own.
 */
const POLL_MS = 8
const GIVE_UP_MS = 30_000

export class LagWatch {
  readonly #url: string
  readonly #readableAt = new Map<string, number>()
  readonly #watching: Promise<void>[] = []

  constructor(url: string) {
    this.#url = url
  }

  /** Watches one sale of a paid session with the eyes of somebody who sees the fund live. */
  watch(sessionId: string, compoundId: string, saleId: string, token: string): void {
    // A sale that could not be watched is not a sample; what is wrong with it the checks will find.
    this.#watching.push(this.#wait(sessionId, compoundId, saleId, token).catch(() => undefined))
  }

  async #wait(sessionId: string, compoundId: string, saleId: string, token: string): Promise<void> {
    const until = Date.now() + GIVE_UP_MS
    while (Date.now() < until) {
      const said = await call(this.#url, listEntries, { params: { compoundId }, query: { saleId }, token })
      if (said.kind === 'ok' && said.output.items.length > 0) {
        this.#readableAt.set(sessionId, Date.now())
        return
      }
      await sleep(POLL_MS)
    }
  }

  /** Lags in ms, sorted; the webhook that counts is the first one of its session that was accepted with the money. */
  async lags(sandbox: SandboxControl, after: number): Promise<number[]> {
    await Promise.all(this.#watching)
    const answered = new Map<string, number>()
    for (const { objectId, answeredAt, state, type } of await sandbox.deliveries(after)) {
      if (objectId === null || answeredAt === null || state !== 'delivered' || !MONEY.has(type)) continue
      const at = Date.parse(answeredAt)
      if (at < (answered.get(objectId) ?? Infinity)) answered.set(objectId, at)
    }
    return [...this.#readableAt]
      .flatMap(([sessionId, at]) => {
        const from = answered.get(sessionId)
        return from === undefined ? [] : [Math.max(0, at - from)]
      })
      .sort((left, right) => left - right)
  }
}

const MONEY = new Set(['checkout.session.completed', 'checkout.session.async_payment_succeeded'])

/** The value that so many of 100 do not pass (nearest rank); 0 of nothing. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
}
