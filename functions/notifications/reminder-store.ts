import * as z from 'zod'
import { CLOSING_SOON_HOURS } from '#shared/contracts/notifications.ts'
import type { ReminderKind } from '#shared/domain/notifications/reminders.ts'
import { HOUR_MS, type Instant, plusMs } from '#shared/kernel/time.ts'
import { groupBuyItem, type GroupBuyItem, groupBuyWatchItem } from '#functions/platform/table/items/group-buys.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { orderItem, type OrderItem } from '#functions/platform/table/items/orders.ts'
import { remindedItem, reminderItem, type ReminderItem } from '#functions/platform/table/items/notifications.ts'
import { index, keys, PENDING_SHARDS } from '#functions/platform/table/keys.ts'
import {
  ALWAYS,
  batchGet,
  EXISTS,
  get,
  NOT_EXISTS,
  query,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'

const PAGE = 100

export async function getGroupBuy(groupBuyId: string): Promise<GroupBuyItem | undefined> {
  return get(groupBuyItem, keys.groupBuy(groupBuyId))
}

export async function hasReminder(groupBuyId: string, personId: string): Promise<boolean> {
  return (await get(reminderItem, keys.reminder(groupBuyId, personId))) !== undefined
}

export async function saveReminder(reminder: ReminderItem): Promise<void> {
  const { groupBuyId, personId } = reminder
  await transact([
    { put: { ...keys.reminder(groupBuyId, personId), ...reminderItem.parse(reminder) }, condition: NOT_EXISTS },
  ])
}

export async function dropReminderOf(groupBuyId: string, personId: string): Promise<void> {
  await transact([{ delete: keys.reminder(groupBuyId, personId), condition: EXISTS }])
}

/** Those who asked (pattern 72). */
export function pageOfReminders(groupBuyId: string, cursor: string | undefined) {
  return query(reminderItem, { pk: keys.reminder(groupBuyId, '').PK, limit: PAGE, cursor })
}

/**
 * Group buys whose closing, or whose end of pick-up, comes within the hours (pattern 11): a hint, the group buy itself says.
 */
export function pageOfComing(now: Instant, cursor: string | undefined) {
  const until = plusMs(now, CLOSING_SOON_HOURS * HOUR_MS)
  const { GSI1PK } = index.watchedGroupBuys('', '')
  return query(groupBuyWatchItem, { pk: GSI1PK, between: [now, `${until}~`], index: 'GSI1', limit: PAGE, cursor })
}

/** What went out already (pattern 73), as `<group buy> <kind>`. */
export async function remindedOf(groupBuyIds: readonly string[]): Promise<ReadonlySet<string>> {
  const kinds = ['closing-soon', 'pick-up-ends-soon'] as const
  const found = await batchGet(
    remindedItem,
    groupBuyIds.flatMap((groupBuyId) => kinds.map((kind) => keys.reminded(groupBuyId, kind))),
  )
  return new Set(found.map(({ groupBuyId, kind }) => `${groupBuyId} ${kind}`))
}

export async function saveReminded(groupBuyId: string, kind: ReminderKind, at: Instant): Promise<void> {
  const item = remindedItem.parse({ entity: 'reminded', v: 1, groupBuyId, kind, at })
  await transact([{ put: { ...keys.reminded(groupBuyId, kind), ...item }, condition: ALWAYS }])
}

/** Once: a run that was cut off begins again from the start. True for who was told now. */
export async function tellOnce(write: Extract<Write, { put: object }>): Promise<boolean> {
  return (await transact([{ ...write, condition: NOT_EXISTS }])).kind === 'done'
}

/** On a household's limit item every offer's count is a number beside the rest of it. */
const limitItem = z.looseObject({ entity: z.literal('limit') })

/** Whether anybody of the household holds an order of the group buy, paid or still to be paid. */
export async function hasOrdered(groupBuyId: string, householdId: string): Promise<boolean> {
  const limit = await get(limitItem, keys.limit(groupBuyId, householdId))
  return Object.entries(limit ?? {}).some(([name, count]) => name.startsWith('q:') && Number(count) > 0)
}

export type UnpaidOrder = { readonly order: OrderItem; readonly groupBuyIds: readonly string[] }

/** Orders that wait to be paid (pattern 15), with the group buys they are of: there are as many as are placed in a quarter of an hour. */
export async function unpaidOrders(now: Instant): Promise<UnpaidOrder[]> {
  const found: UnpaidOrder[] = []
  for (let shard = 0; shard < PENDING_SHARDS; shard++) {
    let cursor: string | undefined
    do {
      const pk = `ORDER#PENDING#${shard}`
      const page = await query(orderItem, { pk, index: 'GSI1', between: [now, '~'], limit: PAGE, cursor })
      const waiting = page.items.filter(({ state }) => state === 'pending_payment')
      const lines = await batchGet(
        orderLinesItem,
        waiting.map(({ orderId }) => keys.orderLines(orderId)),
      )
      const sharesOf = new Map(lines.map(({ orderId, shares }) => [orderId, shares.map((share) => share.groupBuyId)]))
      found.push(...waiting.map((order) => ({ order, groupBuyIds: sharesOf.get(order.orderId) ?? [] })))
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }
  return found
}

export async function ordersOf(
  shares: readonly { readonly orderId: string }[],
): Promise<ReadonlyMap<string, OrderItem>> {
  const orders = await batchGet(
    orderItem,
    shares.map(({ orderId }) => keys.order(orderId)),
  )
  return new Map(orders.map((order) => [order.orderId, order]))
}
