import { keys } from './keys.ts'
import type { OrderLinesItem } from './items/order-lines.ts'
import { type OrderItem, orderPartitionItem, type RefundItem, type ShareItem, shareItem } from './items/orders.ts'
import { batchGet, queryAll } from './table.ts'

/** One order, its lines, and refunds: more than this would be a loop gone wrong. */
const ORDER_PARTITION_MAX = 1_000

/** An order with what was bought and its refunds: one consistent read. */
export type OrderParts = {
  readonly order: OrderItem
  readonly lines: OrderLinesItem
  readonly refunds: readonly RefundItem[]
}

export async function loadOrderParts(orderId: string): Promise<OrderParts | undefined> {
  const items = await queryAll(orderPartitionItem, { pk: keys.order(orderId).PK, max: ORDER_PARTITION_MAX })
  const order = items.find((item) => item.entity === 'order')
  const lines = items.find((item) => item.entity === 'orderLines')
  if (order === undefined || lines === undefined) return undefined
  return { order, lines, refunds: items.filter((item) => item.entity === 'refund') }
}

export async function loadShares({ order, lines }: OrderParts): Promise<ShareItem[]> {
  return batchGet(
    shareItem,
    lines.shares.map((share) => keys.share(share.groupBuyId, order.orderId)),
  )
}
