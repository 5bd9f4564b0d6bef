import { keys } from '#functions/platform/table/keys.ts'
import type { OrderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import {
  type OrderItem,
  orderPartitionItem,
  type RefundItem,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { batchGet, queryAll } from '#functions/platform/table/table.ts'

const ORDER_PARTITION_MAX = 1_000

/** An order with what was bought and its refunds, as paying, giving up and refunding need it: one consistent read. */
export type PaidFor = {
  readonly order: OrderItem
  readonly lines: OrderLinesItem
  readonly refunds: readonly RefundItem[]
}

export async function loadPaidFor(orderId: string): Promise<PaidFor | undefined> {
  const items = await queryAll(orderPartitionItem, { pk: keys.order(orderId).PK, max: ORDER_PARTITION_MAX })
  const order = items.find((item) => item.entity === 'order')
  const lines = items.find((item) => item.entity === 'orderLines')
  if (order === undefined || lines === undefined) return undefined
  return { order, lines, refunds: items.filter((item) => item.entity === 'refund') }
}

export async function loadShares({ order, lines }: PaidFor): Promise<ShareItem[]> {
  return batchGet(
    shareItem,
    lines.shares.map((share) => keys.share(share.groupBuyId, order.orderId)),
  )
}
