import { OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import { decodeCursor, encodeCursor } from '#functions/platform/table/cursor.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem, offerItem } from '#functions/platform/table/items/group-buys.ts'
import { type OrderLinesItem, orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import {
  type OrderItem,
  orderItem,
  placedForItem,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { loadOrderParts, loadShares, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { batchGet, get, type Page, query, queryAll } from '#functions/platform/table/table.ts'
import * as z from 'zod'
import type { Instant } from '#shared/kernel/time.ts'

export type WholeOrder = OrderParts & { readonly shares: readonly ShareItem[] }

export async function loadOrder(orderId: string): Promise<WholeOrder | undefined> {
  const parts = await loadOrderParts(orderId)
  return parts === undefined ? undefined : { ...parts, shares: await loadShares(parts) }
}

export async function getOrderItem(orderId: string): Promise<OrderItem | undefined> {
  return get(orderItem, keys.order(orderId))
}

type OrdersPage = {
  readonly items: readonly Pick<WholeOrder, 'order' | 'lines' | 'shares'>[]
  readonly nextCursor?: string
}

/**
 * Patterns 14 and 82 as one list, newest first: a person's own orders, and those that were placed for their household. Both
 * sort by the same key, so that one position goes on in both.
 */
export async function pageOfPersonOrders(
  personId: string,
  households: readonly { readonly householdId: string; readonly since: Instant }[],
  limit: number,
  cursor: string | undefined,
): Promise<OrdersPage> {
  const listOf = (pk: string) => ({ pk, index: 'GSI1', newestFirst: true }) as const
  const own = listOf(index.personOrders(personId, '', '').GSI1PK)
  const position = cursor === undefined ? undefined : decodeCursor(own, cursor)
  const lists = [
    { list: own, range: {} },
    ...households
      // A page that goes on before that moment has nothing of the household's any more.
      .filter(({ since }) => position === undefined || position >= since)
      .map(({ householdId, since }) => ({
        list: listOf(index.householdOrders(householdId, '', '').GSI1PK),
        range: { between: [since, '~'] as const },
      })),
  ]
  const pages = await Promise.all(
    lists.map(({ list, range }) =>
      query(withPosition, {
        ...{ ...list, ...range, limit },
        cursor: position === undefined ? undefined : encodeCursor(list, position),
      }),
    ),
  )
  const merged = pages.flatMap(({ items }) => items).sort((left, right) => (left.position < right.position ? 1 : -1))
  const last = merged[limit - 1]
  const hasMore = merged.length > limit || pages.some(({ nextCursor }) => nextCursor !== undefined)
  const nextCursor = last === undefined || !hasMore ? {} : { nextCursor: encodeCursor(own, last.position) }
  const lines = merged.slice(0, limit).map((each) => each.lines)
  return { items: await withOrders(lines), ...nextCursor }
}

const withPosition = z
  .object({ GSI1SK: z.string() })
  .loose()
  .transform((item) => ({ position: item.GSI1SK, lines: orderLinesItem.parse(item) }))

/** Pattern 83. */
export async function pageOfPlacedFor(
  compoundId: string,
  limit: number,
  cursor: string | undefined,
): Promise<OrdersPage> {
  const { PK } = keys.placedFor(compoundId, '', '')
  return withLines(await query(placedForItem, { pk: PK, limit, cursor, newestFirst: true }))
}

/** Pattern 86. */
export async function pageOfLeaderOrders(
  buildingId: string,
  personId: string,
  limit: number,
  cursor: string | undefined,
): Promise<OrdersPage> {
  const { GSI1PK } = index.leaderOrders(buildingId, personId, '', '')
  return withLines(await query(placedForItem, { pk: GSI1PK, index: 'GSI1', limit, cursor, newestFirst: true }))
}

async function withLines({ items, ...next }: Page<z.output<typeof placedForItem>>): Promise<OrdersPage> {
  const found = await batchGet(
    orderLinesItem,
    items.map(({ orderId }) => keys.orderLines(orderId)),
  )
  const lines = new Map(found.map((each) => [each.orderId, each]))
  return { items: await withOrders(items.flatMap(({ orderId }) => lines.get(orderId) ?? [])), ...next }
}

/** What was bought, with what it became, in the order given. */
async function withOrders(bought: readonly OrderLinesItem[]): Promise<OrdersPage['items']> {
  const found = await batchGet(
    z.union([orderItem, shareItem]),
    bought.flatMap(({ orderId, shares }) => [
      keys.order(orderId),
      ...shares.map((share) => keys.share(share.groupBuyId, orderId)),
    ]),
  )
  const orders = new Map(found.flatMap((item) => (item.entity === 'order' ? [[item.orderId, item]] : [])))
  const shares = Map.groupBy(
    found.filter((item) => item.entity === 'share'),
    (share) => share.orderId,
  )
  return bought.flatMap((lines) => {
    const order = orders.get(lines.orderId)
    return order === undefined ? [] : [{ order, lines, shares: shares.get(lines.orderId) ?? [] }]
  })
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
