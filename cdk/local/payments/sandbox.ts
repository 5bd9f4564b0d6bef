import type { Deliveries } from './deliveries.ts'
import type { EventDoc, EventType } from './documents.ts'
import type { Faults } from './faults.ts'
import { newId } from './ids.ts'
import type { Store } from './store.ts'

/** The API version whose shapes are spoken; the `stripe` SDK pins the same one (tested). */
export const apiVersion = '2026-10-28.endive'

/** The API call that causes an event, if any: Stripe tells it in the event. */
export interface Cause {
  requestId: string | null
  idempotencyKey: string | null
}
export const noCause: Cause = { requestId: null, idempotencyKey: null }

/** What every part of the sandbox works with. */
export interface Sandbox {
  store: Store
  deliveries: Deliveries
  faults: Faults
  /** Where the hosted pages are, without a trailing slash. */
  baseUrl(): string
  /** The sandbox's time: the clock it was given plus what was advanced. Money and sessions live in it. */
  nowMs(): number
  minimumFen: number
  feeBps: number
}

export function nowSeconds(sandbox: Sandbox): number {
  return Math.floor(sandbox.nowMs() / 1000)
}

/** Records an event and queues its webhook, in the transaction that changes the object it tells of. */
export function emit(sandbox: Sandbox, type: EventType, object: unknown, cause: Cause): EventDoc {
  const event: EventDoc = {
    id: newId('evt_'),
    object: 'event',
    api_version: apiVersion,
    created: nowSeconds(sandbox),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
    type,
  }
  sandbox.store.insert('event', event, undefined, { ref: type })
  sandbox.deliveries.enqueue(event)
  return event
}
