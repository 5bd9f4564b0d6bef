import * as z from 'zod'
import { PICK_UP_WITHIN_DAYS } from '#shared/domain/group-buys/window.ts'
import type { ShareMove } from '#shared/domain/orders/collect-shares.ts'
import { earliestClosing, isAtCounter } from '#shared/domain/orders/pick-up-window.ts'
import { DAY_MS, type Instant, plusMs, type ShanghaiDay, shanghaiDay } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { type GroupBuyItem, groupBuyCompoundItem, groupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import {
  lineHandOutAttribute,
  type OrderItem,
  orderItem,
  type PickUpItem,
  pickUpItem,
  type PickUpUndoItem,
  pickUpUndoItem,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

/** Group buys of one compound within three weeks, and shares of one group buy: more would be a loop gone wrong. */
const COUNTER_GROUP_BUYS_MAX = 500
const SHARES_MAX = 50_000
const READ_AT_ONCE = 4

/** Group buys whose goods are handed out at a compound now, soonest end of pick-up first (pattern 9). */
export async function groupBuysAtCounter(compoundId: string, now: Instant): Promise<GroupBuyItem[]> {
  const hints = await queryAll(groupBuyCompoundItem, {
    pk: index.compoundGroupBuys(compoundId, '', '').GSI1PK,
    between: [earliestClosing(now, PICK_UP_WITHIN_DAYS), `${now}~`],
    index: 'GSI1',
    max: COUNTER_GROUP_BUYS_MAX,
  })
  const groupBuys = await batchGet(
    groupBuyItem,
    [...new Set(hints.map((hint) => hint.groupBuyId))].map((groupBuyId) => keys.groupBuy(groupBuyId)),
  )
  return groupBuys
    .filter((groupBuy) => isAtCounter(groupBuy, now))
    .sort((left, right) => (left.pickUpEndsAt < right.pickUpEndsAt ? -1 : 1))
}

/** Group buys of a compound of which an order may still be unpaid: open, or closed so lately that somebody is at it (pattern 9). */
export async function groupBuysStillPaid(compoundId: string, now: Instant): Promise<string[]> {
  const hints = await queryAll(groupBuyCompoundItem, {
    pk: index.compoundGroupBuys(compoundId, '', '').GSI1PK,
    between: [plusMs(now, -DAY_MS), '~'],
    index: 'GSI1',
    max: COUNTER_GROUP_BUYS_MAX,
  })
  return [...new Set(hints.map((hint) => hint.groupBuyId))]
}

/** A compound's shares of these group buys, read consistently (pattern 13). */
export async function sharesAtCounter(compoundId: string, groupBuyIds: readonly string[]): Promise<ShareItem[]> {
  const found = await inParallel(groupBuyIds, READ_AT_ONCE, (groupBuyId) =>
    queryAll(shareItem, { pk: keys.groupBuy(groupBuyId).PK, prefix: 'SHARE#', max: SHARES_MAX }),
  )
  return found.flat().filter((share) => share.compoundId === compoundId)
}

export async function ordersOf(shares: readonly ShareItem[]): Promise<OrderItem[]> {
  return batchGet(
    orderItem,
    [...new Set(shares.map((share) => share.orderId))].map((orderId) => keys.order(orderId)),
  )
}

/** The last pick-ups of a day, newest first (pattern 21), with what became of them and whose they were. */
export async function lastPickUps(compoundId: string, day: ShanghaiDay, limit: number) {
  const pk = index.compoundPickUps(compoundId, day, '', '').GSI1PK
  const { items: pickUps } = await query(pickUpItem, { pk, index: 'GSI1', newestFirst: true, limit })
  const beside = z.discriminatedUnion('entity', [orderItem, orderLinesItem, pickUpUndoItem])
  const orderIds = [...new Set(pickUps.map((pickUp) => pickUp.orderId))]
  const items = await batchGet(beside, [
    ...orderIds.flatMap((orderId) => [keys.order(orderId), keys.orderLines(orderId)]),
    ...pickUps.map(({ orderId, pickUpId }) => keys.pickUpUndo(orderId, pickUpId)),
  ])
  const orders = new Map(items.filter((item) => item.entity === 'order').map((order) => [order.orderId, order]))
  const lines = new Map(items.filter((item) => item.entity === 'orderLines').map((each) => [each.orderId, each]))
  const undone = items.filter((item) => item.entity === 'pickUpUndo')
  return { pickUps, orders, lines, undone }
}

export async function hasPickUp(orderId: string, pickUpId: string): Promise<boolean> {
  return (await get(pickUpItem, keys.pickUp(orderId, pickUpId))) !== undefined
}

/**
 * Hands out: the pick-up and every share it takes from, together. A share must be as it was read, its refunds included: two
 * counters at once hand out once, and what was refunded meanwhile is decided anew.
 */
export function savePickUp(pickUp: PickUpItem, moves: readonly ShareMove[]) {
  const { orderId, pickUpId, compoundId, at } = pickUp
  const put: Write = {
    put: {
      ...keys.pickUp(orderId, pickUpId),
      ...index.compoundPickUps(compoundId, shanghaiDay(at), at, pickUpId),
      ...pickUp,
    },
    condition: NOT_EXISTS,
  }
  return transact([put, ...moves.map((move) => moveWrite(orderId, move))])
}

/** Takes a pick-up back; there is one undoing of it, ever. */
export function saveUndo(undo: PickUpUndoItem, moves: readonly ShareMove[]) {
  const { orderId, pickUpId } = undo
  const put: Write = { put: { ...keys.pickUpUndo(orderId, pickUpId), ...undo }, condition: NOT_EXISTS }
  return transact([put, ...moves.map((move) => moveWrite(orderId, move))])
}

function moveWrite(orderId: string, { share, state, handedOut }: ShareMove): Write {
  const names: Record<string, string> = { '#state': 'state', '#refundedFen': 'refundedFen' }
  const values: Record<string, unknown> = { ':was': share.state, ':refundedFen': share.refundedFen }
  const sets: string[] = []
  const conditions = ['#state = :was', '#refundedFen = :refundedFen']
  // Every line is held to what was read, the untouched ones too: whether the share is collected hangs on all of them.
  share.lines.forEach((line, at) => {
    names[`#h${at}`] = lineHandOutAttribute(line.lineId)
    values[`:h${at}`] = line.handedOut
    conditions.push(line.handedOut === 0 ? `(attribute_not_exists(#h${at}) OR #h${at} = :h${at})` : `#h${at} = :h${at}`)
    const after = handedOut.get(line.lineId) ?? line.handedOut
    if (after === line.handedOut) return
    values[`:after${at}`] = after
    sets.push(`#h${at} = :after${at}`)
  })
  if (state !== share.state) {
    values[':state'] = state
    sets.push('#state = :state')
  }
  if (state === 'collected' && state !== share.state) {
    names['#collectedFrom'] = 'collectedFrom'
    sets.push('#collectedFrom = :was')
  }
  return {
    update: keys.share(share.groupBuyId, orderId),
    set: `SET ${sets.join(', ')}`,
    condition: conditions.join(' AND '),
    expression: { names, values },
  }
}
