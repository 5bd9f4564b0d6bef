import type { Agreement } from '#shared/contracts/places.ts'
import { agreementInForce } from '#shared/domain/places/agreement.ts'
import { inForceOn } from '#shared/kernel/term.ts'
import type { GroupBuyFacts, OfferFacts } from '#shared/domain/orders/place-order.ts'
import type { WantedLine } from '#shared/domain/orders/merge-lines.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem, offerItem } from '#functions/platform/table/items/group-buys.ts'
import { compoundItem, type PairingItem, pairingItem, pickUpPointItem } from '#functions/platform/table/items/places.ts'
import {
  type OrderItem,
  orderItem,
  orderLinesItem,
  type OrderLinesItem,
  orderPartitionItem,
  type RefundItem,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { batchGet, get, type Page, query, queryAll } from '#functions/platform/table/table.ts'
import * as z from 'zod'

const PICK_UP_POINTS_MAX = 50
/** One order, its lines, and refunds: more than this would be a loop gone wrong. */
const ORDER_PARTITION_MAX = 1_000

const placing = z.discriminatedUnion('entity', [groupBuyItem, offerItem, compoundItem])
const PAIRINGS_MAX = 500

/** Everything a placing decision looks at, read consistently in two rounds. */
export async function loadForPlacing(
  lines: readonly WantedLine[],
  compoundId: string,
  communityId: string,
  at: Instant,
) {
  const groupBuyIds = [...new Set(lines.map((line) => line.groupBuyId))]
  const offerKeys = new Map(
    lines.map((line) => [`${line.groupBuyId} ${line.offerId}`, keys.offer(line.groupBuyId, line.offerId)]),
  )
  const [found, pickUpPoints, pairings] = await Promise.all([
    batchGet(placing, [
      keys.place('compound', compoundId),
      ...groupBuyIds.map((id) => keys.groupBuy(id)),
      ...offerKeys.values(),
    ]),
    queryAll(pickUpPointItem, {
      pk: keys.place('compound', compoundId).PK,
      prefix: 'PICKUP#',
      max: PICK_UP_POINTS_MAX,
    }),
    queryAll(pairingItem, {
      pk: keys.place('community', communityId).PK,
      prefix: 'PAIRING#',
      max: PAIRINGS_MAX,
    }),
  ])
  const compound = found.find((item) => item.entity === 'compound')
  const groupBuys = found.filter((item) => item.entity === 'groupBuy')
  const offers = found.filter((item) => item.entity === 'offer')
  const agreements = agreementsInForce(pairings, at)
  const facts = new Map<string, GroupBuyFacts>(
    groupBuys.map((groupBuy) => [
      groupBuy.groupBuyId,
      {
        ...groupBuy,
        agreement: agreements.get(groupBuy.villageId),
        offers: new Map(
          offers
            .filter((offer) => offer.groupBuyId === groupBuy.groupBuyId)
            .map((offer) => [offer.offerId, offerFacts(offer)]),
        ),
      },
    ]),
  )
  return { compoundName: compound?.name ?? '', pickUpPoints, groupBuys: facts }
}

/** Of each village paired with the community today: the donation agreement in force. */
function agreementsInForce(pairings: readonly PairingItem[], at: Instant): Map<string, Agreement> {
  const day = shanghaiDay(at)
  const agreements = new Map<string, Agreement>()
  for (const pairing of pairings) {
    const inForce = inForceOn(pairing, day) ? agreementInForce(pairing.agreements, day) : undefined
    if (inForce !== undefined) agreements.set(pairing.villageId, inForce)
  }
  return agreements
}

function offerFacts(offer: z.output<typeof offerItem>): OfferFacts {
  const { offerId, listingId, name, picture, priceFen, priceVersion, perHouseholdLimit, buckets, saleUnit } = offer
  return {
    ...{ offerId, listingId, name, picture, priceFen, priceVersion, perHouseholdLimit, buckets },
    unitLabel: saleUnit.by === 'weight' ? `${saleUnit.portionGrams} 克` : saleUnit.pieceLabel,
    ...(saleUnit.by === 'weight' ? { portionGrams: saleUnit.portionGrams } : {}),
  }
}

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
