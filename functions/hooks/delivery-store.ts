import type { HookEventType } from '#shared/contracts/hooks-events.ts'
import type { DeliveryState, HookEnvelope } from '#shared/contracts/hooks.ts'
import { LEASE_MS } from '#shared/domain/hooks/schedule.ts'
import { type Instant, plusMs } from '#shared/kernel/time.ts'
import { hookDeliveryItem, type HookDeliveryItem } from '#functions/platform/table/items/hooks.ts'
import { hookIndex, hookKeys } from '#functions/platform/table/hook-keys.ts'
import { PENDING_SHARDS } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, query, transact } from '#functions/platform/table/table.ts'

const PAGE = 50
export const DUE_SHARDS = PENDING_SHARDS

type NewDelivery = {
  readonly hookId: string
  readonly deliveryId: string
  readonly webhookId: string
  readonly type: HookEventType
  readonly timestamp: Instant
  readonly envelope: HookEnvelope
  readonly payload: string
}

/**
 * Writes a delivery down, once for ever, whoever tells it how often. `mine`: its maker sends it, and for a while nobody else
 * does; who dies over it leaves it to the clock. Nothing when it was there already.
 */
export async function createDelivery(
  delivery: NewDelivery,
  state: Extract<DeliveryState, 'due' | 'skipped'>,
  now: Instant,
  mine: boolean,
): Promise<HookDeliveryItem | undefined> {
  const item = hookDeliveryItem.parse({
    ...{ entity: 'hookDelivery', v: 1, ...delivery, state, tries: 0, attempts: [] },
    ...{ nextAt: mine ? plusMs(now, LEASE_MS) : now, ...(state === 'due' ? {} : { endedAt: now }) },
  })
  const saved = await transact([{ put: itemOf(item), condition: NOT_EXISTS }])
  // After an answer that was lost it may be ours; whether it is, the lease tells: another maker has another moment.
  if (saved.kind === 'failed' && saved.uncertain && saved.failed[0]?.item?.['nextAt'] === item.nextAt) return item
  return saved.kind === 'done' ? item : undefined
}

function itemOf(item: HookDeliveryItem) {
  const { hookId, deliveryId, nextAt } = item
  const found = item.state === 'due' ? hookIndex.dueDeliveries(nextAt, hookId, deliveryId) : {}
  return { ...hookKeys.hookDelivery(hookId, deliveryId), ...found, ...hookDeliveryItem.parse(item) }
}

/** What is due now (pattern 124), the longest waiting first. */
export async function pageOfDue(shard: number, now: Instant, cursor: string | undefined) {
  const range = ['0', `${now}~`] as const
  const page = await query(hookDeliveryItem, {
    ...{ pk: `HOOK#DUE#${shard}`, between: range, index: 'GSI1', limit: PAGE, cursor },
  })
  // The index lags: the delivery itself says whether it is still to be sent.
  return { ...page, items: page.items.filter(({ state, nextAt }) => state === 'due' && nextAt <= now) }
}

/**
 * Takes a delivery to send it: nobody else does for a while. Who dies over it leaves it to the next one; the attempt counts,
 * so that one that kills whoever touches it comes to an end.
 */
export async function claim(due: HookDeliveryItem, now: Instant): Promise<HookDeliveryItem | undefined> {
  const taken = { ...due, tries: due.tries + 1, nextAt: plusMs(now, LEASE_MS) }
  return (await move(due, taken)) ? taken : undefined
}

/** As it was when it was read, or not at all. */
export async function move(before: HookDeliveryItem, after: HookDeliveryItem): Promise<boolean> {
  const moved = await transact([
    {
      put: itemOf(after),
      condition: '#state = :state AND #nextAt = :nextAt AND #tries = :tries',
      expression: {
        names: { '#state': 'state', '#nextAt': 'nextAt', '#tries': 'tries' },
        values: { ':state': before.state, ':nextAt': before.nextAt, ':tries': before.tries },
      },
    },
  ])
  return moved.kind === 'done'
}

/** Queues it again, from the first attempt on. */
export function queueAgain(delivery: HookDeliveryItem, now: Instant, replayId?: string): Promise<boolean> {
  const { endedAt: _ended, ...rest } = delivery
  const queued: HookDeliveryItem = { ...rest, state: 'due', tries: 0, nextAt: now }
  return move(delivery, replayId === undefined ? queued : { ...queued, replayId })
}

export function getDelivery(hookId: string, deliveryId: string): Promise<HookDeliveryItem | undefined> {
  return get(hookDeliveryItem, hookKeys.hookDelivery(hookId, deliveryId))
}

/** The log of a subscription (pattern 123), newest event first. */
export function pageOfDeliveries(hookId: string, limit: number, cursor: string | undefined) {
  const { PK } = hookKeys.hookDelivery(hookId, '')
  return query(hookDeliveryItem, { pk: PK, newestFirst: true, limit, cursor })
}

/** A stretch of it, oldest first. */
export function deliveriesBetween(hookId: string, from: string, to: string, limit: number) {
  const { PK } = hookKeys.hookDelivery(hookId, '')
  return query(hookDeliveryItem, { pk: PK, between: [from, to], limit })
}

/** Gone for good, if it is as it was when it was read. */
export async function forgetDelivery({ hookId, deliveryId, state }: HookDeliveryItem): Promise<void> {
  await transact([
    {
      delete: hookKeys.hookDelivery(hookId, deliveryId),
      condition: '#state = :state',
      expression: { names: { '#state': 'state' }, values: { ':state': state } },
    },
  ])
}
