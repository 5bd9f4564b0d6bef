import { type Instant, type ShanghaiDay, shanghaiDay } from '../../kernel/time.ts'

type PickedUpShare = {
  readonly state: string
  readonly pickUpStartsAt: Instant
  readonly pickUpEndsAt: Instant
}
export type PickedUpOrder = {
  readonly orderId: string
  readonly state: string
  readonly compoundId: string
  readonly pickUpPoint: { readonly pickUpPointId: string; readonly name: string }
  readonly shares: readonly PickedUpShare[]
}

/** One way to the pick-up point: a compound, a point, a day. */
export type PickUp = {
  readonly key: string
  readonly day: ShanghaiDay
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly pickUpPoint: PickedUpOrder['pickUpPoint']
}

export function pickUpKey(compoundId: string, pickUpPointId: string, pickUpStartsAt: Instant): string {
  return `${compoundId} ${pickUpPointId} ${shanghaiDay(pickUpStartsAt)}`
}

/** When and where goods of an order are picked up, soonest first; of what failed or went back whole nothing is. */
export function pickUpsOf({ compoundId, pickUpPoint, shares }: PickedUpOrder): readonly PickUp[] {
  const byKey = new Map<string, PickUp>()
  for (const { state, pickUpStartsAt, pickUpEndsAt } of shares) {
    if (state === 'failed' || state === 'refunded') continue
    const key = pickUpKey(compoundId, pickUpPoint.pickUpPointId, pickUpStartsAt)
    const before = byKey.get(key)
    byKey.set(key, {
      ...{ key, pickUpPoint, day: shanghaiDay(pickUpStartsAt) },
      startsAt: before === undefined || pickUpStartsAt < before.startsAt ? pickUpStartsAt : before.startsAt,
      endsAt: before === undefined || pickUpEndsAt > before.endsAt ? pickUpEndsAt : before.endsAt,
    })
  }
  return [...byKey.values()].sort((left, right) => (left.startsAt < right.startsAt ? -1 : 1))
}

const isAlive = ({ state }: PickedUpOrder) => state === 'paid' || state === 'pending_payment'

/** The other orders of which something is picked up on the same way, in the order given. */
export function pickedUpTogether<Order extends PickedUpOrder>(
  order: PickedUpOrder,
  others: readonly Order[],
): readonly Order[] {
  if (!isAlive(order)) return []
  const keys = new Set(pickUpsOf(order).map(({ key }) => key))
  return others.filter(
    (other) => other.orderId !== order.orderId && isAlive(other) && pickUpsOf(other).some(({ key }) => keys.has(key)),
  )
}

export type PickUpGroup<Order> = PickUp & { readonly orders: readonly Order[] }

/**
 * A list of orders by the ways that are still to be made, soonest first, each order at its first one; and all the rest, in
 * the order given: what waits for its payment, what was picked up, what ended.
 */
export function byPickUp<Order extends PickedUpOrder>(
  orders: readonly Order[],
  now: Instant,
): { readonly groups: readonly PickUpGroup<Order>[]; readonly others: readonly Order[] } {
  const groups = new Map<string, { pickUp: PickUp; orders: Order[] }>()
  const others: Order[] = []
  for (const order of orders) {
    const next = order.state === 'paid' ? pickUpsOf(order).find(({ endsAt }) => endsAt > now) : undefined
    if (next === undefined) {
      others.push(order)
      continue
    }
    const group = groups.get(next.key) ?? { pickUp: next, orders: [] }
    const { pickUp } = group
    groups.set(next.key, {
      pickUp: {
        ...pickUp,
        startsAt: next.startsAt < pickUp.startsAt ? next.startsAt : pickUp.startsAt,
        endsAt: next.endsAt > pickUp.endsAt ? next.endsAt : pickUp.endsAt,
      },
      orders: [...group.orders, order],
    })
  }
  return {
    groups: [...groups.values()]
      .map(({ pickUp, orders: mine }) => ({ ...pickUp, orders: mine }))
      .sort((left, right) => (left.startsAt < right.startsAt ? -1 : 1)),
    others,
  }
}
