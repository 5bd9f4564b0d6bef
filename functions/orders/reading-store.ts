import { keys } from '#functions/platform/table/keys.ts'
import { orderLinesItem, type OrderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import {
  type OrderItem,
  orderItem,
  orderPartitionItem,
  type RefundItem,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { batchGet, get, type Page, query, queryAll } from '#functions/platform/table/table.ts'
import * as z from 'zod'

/** One order, its lines, and refunds: more than this would be a loop gone wrong. */
const ORDER_PARTITION_MAX = 1_000

export type WholeOrder = {
  readonly order: OrderItem
  readonly lines: OrderLinesItem
  readonly shares: readonly ShareItem[]
  readonly refunds: readonly RefundItem[]
}

export async function loadOrder(orderId: string): Promise<WholeOrder | undefined> {
  const items = await queryAll(orderPartitionItem, { pk: keys.order(orderId).PK, max: ORDER_PARTITION_MAX })
  const order = items.find((item) => item.entity === 'order')
  const lines = items.find((item) => item.entity === 'orderLines')
  if (order === undefined || lines === undefined) return undefined
  const shares = await batchGet(
    shareItem,
    lines.shares.map((share) => keys.share(share.groupBuyId, orderId)),
  )
  return { order, lines, shares, refunds: items.filter((item) => item.entity === 'refund') }
}

export async function getOrderItem(orderId: string): Promise<OrderItem | undefined> {
  return get(orderItem, keys.order(orderId))
}

export async function pageOfPersonOrders(personId: string, limit: number, cursor: string | undefined) {
  const page = await query(orderLinesItem, {
    pk: `ORDER#PERSON#${personId}`,
    index: 'GSI1',
    limit,
    cursor,
    newestFirst: true,
  })
  const orders = await batchGet(
    orderItem,
    page.items.map((lines) => keys.order(lines.orderId)),
  )
  const byId = new Map(orders.map((order) => [order.orderId, order]))
  const items = page.items.flatMap((lines) => {
    const order = byId.get(lines.orderId)
    return order === undefined ? [] : [{ order, lines }]
  })
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}

export async function pageOfShares(
  groupBuyId: string,
  limit: number,
  cursor: string | undefined,
): Promise<Page<ShareItem>> {
  return query(shareItem, { pk: keys.groupBuy(groupBuyId).PK, prefix: 'SHARE#', limit, cursor })
}

export async function loadOrdersOf(shares: readonly ShareItem[]) {
  const schema = z.discriminatedUnion('entity', [orderItem, orderLinesItem])
  const items = await batchGet(
    schema,
    shares.flatMap((share) => [keys.order(share.orderId), keys.orderLines(share.orderId)]),
  )
  return {
    orders: new Map(items.filter((item) => item.entity === 'order').map((order) => [order.orderId, order])),
    lines: new Map(items.filter((item) => item.entity === 'orderLines').map((lines) => [lines.orderId, lines])),
  }
}
