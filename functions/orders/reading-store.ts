import { OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem, offerItem } from '#functions/platform/table/items/group-buys.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { type OrderItem, orderItem, type ShareItem, shareItem } from '#functions/platform/table/items/orders.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { loadOrderParts, loadShares, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { batchGet, get, type Page, query, queryAll } from '#functions/platform/table/table.ts'
import * as z from 'zod'

export type WholeOrder = OrderParts & { readonly shares: readonly ShareItem[] }

export async function loadOrder(orderId: string): Promise<WholeOrder | undefined> {
  const parts = await loadOrderParts(orderId)
  return parts === undefined ? undefined : { ...parts, shares: await loadShares(parts) }
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
  const found = await batchGet(
    z.union([orderItem, shareItem]),
    page.items.flatMap(({ orderId, shares }) => [
      keys.order(orderId),
      ...shares.map((share) => keys.share(share.groupBuyId, orderId)),
    ]),
  )
  const orders = new Map(found.flatMap((item) => (item.entity === 'order' ? [[item.orderId, item]] : [])))
  const shares = Map.groupBy(
    found.filter((item) => item.entity === 'share'),
    (share) => share.orderId,
  )
  const items = page.items.flatMap((lines) => {
    const order = orders.get(lines.orderId)
    return order === undefined ? [] : [{ order, lines, shares: shares.get(lines.orderId) ?? [] }]
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

/** The group buy of a sorting sheet, its offers in the order in which they were offered, and the compound. */
export async function loadSheetFacts(compoundId: string, groupBuyId: string) {
  const { PK, SK } = keys.offer(groupBuyId, '')
  const [compound, groupBuy, offers] = await Promise.all([
    get(compoundItem, keys.place('compound', compoundId)),
    get(groupBuyItem, keys.groupBuy(groupBuyId)),
    queryAll(offerItem, { pk: PK, prefix: SK, max: OFFERS_MAX }),
  ])
  const offerIds = offers.toSorted((left, right) => left.position - right.position).map(({ offerId }) => offerId)
  return { compound, groupBuy, offerIds }
}
