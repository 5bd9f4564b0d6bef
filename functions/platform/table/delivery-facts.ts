import { OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import type { LineThere } from '#shared/domain/group-buys/allocate-shortage.ts'
import { assert } from '#shared/kernel/assert.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'
import { type GroupBuyShares, loadGroupBuyShares, type PaidShare } from './group-buy-shares.ts'
import { type DeliveryItem, deliveryItem, type ShortageItem, shortageItem } from './items/deliveries.ts'
import { type GroupBuyItem, groupBuyItem, type OfferItem, offerItem } from './items/group-buys.ts'
import { handedOutOfLine } from './items/orders.ts'
import { compoundItem, pickUpPointItem } from './items/places.ts'
import { keys } from './keys.ts'
import { get, queryAll } from './table.ts'

const POINTS_MAX = 50
const SHORTAGE_PARTS_MAX = 100

/** A group buy in one compound of it, as far as deliveries go. Nothing when there is no such thing. */
export async function loadDeliveryPlace(groupBuyId: string, compoundId: string) {
  const [groupBuy, compound] = await Promise.all([
    get(groupBuyItem, keys.groupBuy(groupBuyId)),
    get(compoundItem, keys.place('compound', compoundId)),
  ])
  if (groupBuy === undefined || compound === undefined || !groupBuy.compoundIds.includes(compoundId)) return undefined
  return groupBuy.state === 'draft' ? undefined : { groupBuy, compound }
}

export type DeliveryPoint = { readonly pickUpPointId: string; readonly name: string }
export type DeliveryFacts = {
  readonly offers: readonly OfferItem[]
  readonly shares: GroupBuyShares
  readonly deliveries: readonly DeliveryItem[]
  /** Points of the compound, and those that an order named and that have gone since. */
  readonly points: readonly DeliveryPoint[]
}

/** Pattern 22 with what it is about, read consistently. */
export async function loadDeliveryFacts({ groupBuyId }: GroupBuyItem, compoundId: string): Promise<DeliveryFacts> {
  const { PK } = keys.groupBuy(groupBuyId)
  const [offers, shares, deliveries, points] = await Promise.all([
    queryAll(offerItem, { pk: PK, prefix: keys.offer(groupBuyId, '').SK, max: OFFERS_MAX }),
    loadGroupBuyShares(groupBuyId, compoundId),
    queryAll(deliveryItem, { pk: PK, prefix: keys.delivery(groupBuyId, compoundId, '').SK, max: POINTS_MAX }),
    queryAll(pickUpPointItem, { pk: keys.place('compound', compoundId).PK, prefix: 'PICKUP#', max: POINTS_MAX }),
  ])
  const named = new Map<string, string>(
    shares.paid.map(({ bought }) => [bought.pickUpPoint.pickUpPointId, bought.pickUpPoint.name]),
  )
  for (const point of points) named.set(point.pickUpPointId, point.name)
  return {
    offers: offers.toSorted((left, right) => left.position - right.position),
    shares,
    deliveries,
    points: [...named].map(([pickUpPointId, name]) => ({ pickUpPointId, name })),
  }
}

export function sharesAt(shares: readonly PaidShare[], pickUpPointId: string): PaidShare[] {
  return shares.filter(({ bought }) => bought.pickUpPoint.pickUpPointId === pickUpPointId)
}

/** Lines whose goods are waited for, or were handed out, at a point. */
export function linesThere(shares: readonly PaidShare[]): LineThere[] {
  return shares.flatMap(({ order, share, lines }) => {
    assert(order.paidAt !== undefined, 'a paid order knows when it was paid')
    const { orderId, paidAt } = order
    return lines
      .filter((line) => portionsOwed(line) > 0)
      .map((line) => ({
        ...{ orderId, paidAt, lineId: line.lineId, offerId: line.offerId },
        owed: portionsOwed(line),
        handedOut: Math.min(portionsOwed(line), handedOutOfLine(share, line.lineId)),
      }))
  })
}

export async function loadShortages(delivery: DeliveryItem): Promise<ShortageItem['shortages']> {
  const { groupBuyId, compoundId, pickUpPointId } = delivery
  const { PK } = keys.groupBuy(groupBuyId)
  const prefix = keys.shortage(groupBuyId, compoundId, pickUpPointId, 0).SK.slice(0, -3)
  const parts = await queryAll(shortageItem, { pk: PK, prefix, max: SHORTAGE_PARTS_MAX })
  assert(parts.length === (delivery.parts ?? 0), 'every part of what is short is there')
  return parts.flatMap((part) => part.shortages)
}
