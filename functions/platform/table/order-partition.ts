import { keys } from './keys.ts'
import { groupBuyItem, type GroupBuyItem } from './items/group-buys.ts'
import type { ClaimItem } from './items/claims.ts'
import type { OrderLinesItem } from './items/order-lines.ts'
import {
  type OrderItem,
  orderPartitionItem,
  type PickUpItem,
  type PickUpUndoItem,
  type RefundItem,
  type ShareItem,
  shareItem,
} from './items/orders.ts'
import { batchGet, queryAll } from './table.ts'

/** One order, its lines, refunds, pick-ups and claims: more than this would be a loop gone wrong. */
const ORDER_PARTITION_MAX = 1_000

/** An order with what was bought, its refunds, and what was handed out: one consistent read. */
export type OrderParts = {
  readonly order: OrderItem
  readonly lines: OrderLinesItem
  readonly refunds: readonly RefundItem[]
  readonly pickUps: readonly PickUpItem[]
  readonly undone: readonly PickUpUndoItem[]
  readonly claims: readonly ClaimItem[]
}

export async function loadOrderParts(orderId: string): Promise<OrderParts | undefined> {
  const items = await queryAll(orderPartitionItem, { pk: keys.order(orderId).PK, max: ORDER_PARTITION_MAX })
  const order = items.find((item) => item.entity === 'order')
  const lines = items.find((item) => item.entity === 'orderLines')
  if (order === undefined || lines === undefined) return undefined
  return {
    order,
    lines,
    refunds: items.filter((item) => item.entity === 'refund'),
    pickUps: items.filter((item) => item.entity === 'pickUp'),
    undone: items.filter((item) => item.entity === 'pickUpUndo'),
    claims: items.filter((item) => item.entity === 'claim'),
  }
}

export async function loadShares({ order, lines }: OrderParts): Promise<ShareItem[]> {
  return batchGet(
    shareItem,
    lines.shares.map((share) => keys.share(share.groupBuyId, order.orderId)),
  )
}

/** The group buys that an order is of, as they are stored now. */
export async function loadGroupBuysOf({ lines }: Pick<OrderParts, 'lines'>): Promise<Map<string, GroupBuyItem>> {
  const found = await batchGet(
    groupBuyItem,
    lines.shares.map((share) => keys.groupBuy(share.groupBuyId)),
  )
  return new Map(found.map((groupBuy) => [groupBuy.groupBuyId, groupBuy]))
}
