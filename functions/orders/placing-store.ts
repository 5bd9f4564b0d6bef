import { randomInt, randomUUID } from 'node:crypto'
import {
  limitRefusal,
  type Placed,
  type PlacedLine,
  type PlacedShare,
  soldOutRefusal,
} from '#shared/domain/orders/place-order.ts'
import { splitOverBuckets, type Take } from '#shared/domain/orders/split-stock.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type OrderLinesItem, type SnapshotShare, storeLines } from '#functions/platform/table/items/order-lines.ts'
import { bucketItem } from '#functions/platform/table/items/group-buys.ts'
import type { MembershipItem } from '#functions/platform/table/items/places.ts'
import { limitAttribute, type OrderItem, orderItem } from '#functions/platform/table/items/orders.ts'
import { batchGet, NOT_EXISTS, transact, TRANSACT_MAX, type Write } from '#functions/platform/table/table.ts'

/** Who places it and for which household: their own, or one that they order for. */
export type Buyer = {
  readonly personId: string
  readonly household: Pick<MembershipItem, 'scopeId' | 'scopeName' | 'compoundName'> & {
    readonly compoundId: string
    readonly communityId: string
  }
  readonly placedBy?: NonNullable<OrderItem['placedBy']>
}

export type Saved = { readonly kind: 'saved'; readonly order: OrderItem; readonly lines: OrderLinesItem }
export type SaveRefusal = Refused<
  'OFFER_SOLD_OUT' | 'GROUP_BUY_CLOSED' | 'GROUP_BUY_NOT_OPEN' | 'LIMIT_REACHED' | 'PRICE_CHANGED'
>

/** The order's id is taken: by this very request sent before, by another of this person's, or by somebody else. */
export type Taken = { readonly kind: 'taken' }

/** How often stock is looked at again when several buckets move under our feet. */
const TRIES_MAX = 6

type BucketTakes = ReadonlyMap<PlacedLine, readonly Take[]>

/**
 * Saves order, lines, shares, stock and limits in one transaction: all of it or nothing. Stock comes from one bucket per
 * line where there is one; where there are several, from one at random, and after a miss from as many as it takes.
 */
export async function savePlaced(
  placed: Placed,
  buyer: Buyer,
  bodyHash: string,
  clock: () => Instant,
): Promise<Saved | SaveRefusal | Taken> {
  const order = orderOf(placed, buyer, bodyHash)
  const saleIds = placed.shares.map(() => randomUUID())
  let takes: BucketTakes = new Map(
    allLines(placed).map((line) => [line, [{ n: randomInt(line.buckets), quantity: line.quantity }]]),
  )
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const lines = linesOf(placed, buyer, saleIds, takes)
    const plan = writesOf(placed, order, lines, takes, clock())
    if (plan.length > TRANSACT_MAX) return scattered(takes)
    const result = await transact(plan.map((each) => each.write))
    if (result.kind === 'done') return { kind: 'saved', order, lines }
    // The order, its lines or its shares are there already; which of them says so first is not told.
    if (result.failed.some(({ position }) => typeof plan[position]?.role === 'string')) return { kind: 'taken' }
    const outcome = explain(plan, result.failed, clock())
    if (outcome.kind === 'refused') return outcome
    const again = await splitAnew(placed, takes, outcome.short)
    if ('kind' in again) return again
    takes = again
  }
  throw new Busy()
}

/** The last portions lie in so many buckets that one transaction cannot take them all: fewer lines at a time can. */
function scattered(takes: BucketTakes): SaveRefusal {
  const detail = '所剩不多，请减少数量或分几单下'
  const split = [...takes]
    .filter(([, parts]) => parts.length > 1)
    .map(([line]): [string, string] => [line.offerId, detail])
  return refused('OFFER_SOLD_OUT', `这些菜${detail}`, Object.fromEntries(split))
}

function allLines(placed: Placed): readonly PlacedLine[] {
  return placed.shares.flatMap((share) => share.lines)
}

function orderOf(placed: Placed, buyer: Buyer, bodyHash: string): OrderItem {
  const { household, placedBy } = buyer
  return {
    entity: 'order',
    v: 1,
    orderId: placed.orderId,
    personId: buyer.personId,
    householdId: household.scopeId,
    compoundId: household.compoundId,
    communityId: household.communityId,
    state: 'pending_payment',
    amountFen: placed.amountFen,
    refundedFen: 0 as OrderItem['refundedFen'],
    placedAt: placed.placedAt,
    expiresAt: placed.expiresAt,
    pickUpCode: String(randomInt(1_000_000)).padStart(6, '0'),
    bodyHash,
    sessionIds: [],
    ...(placedBy === undefined ? {} : { placedBy }),
  }
}

function linesOf(placed: Placed, buyer: Buyer, saleIds: readonly string[], takes: BucketTakes): OrderLinesItem {
  return {
    entity: 'orderLines',
    v: 1,
    orderId: placed.orderId,
    compoundName: buyer.household.compoundName ?? '',
    householdLabel: buyer.household.scopeName,
    pickUpPoint: placed.pickUpPoint,
    shares: placed.shares.map((share, position) => snapshotOf(share, saleIds[position] ?? '', takes)),
  }
}

function snapshotOf(share: PlacedShare, saleId: string, takes: BucketTakes): SnapshotShare {
  const { groupBuy } = share
  return {
    saleId,
    groupBuyId: groupBuy.groupBuyId,
    groupBuyTitle: groupBuy.title,
    coopId: groupBuy.coopId,
    coopName: groupBuy.coopName,
    villageId: groupBuy.villageId,
    villageName: groupBuy.villageName,
    amountFen: share.amountFen,
    rateBps: share.rateBps,
    ...(share.agreementId === undefined ? {} : { agreementId: share.agreementId }),
    ...(share.agreementVersion === undefined ? {} : { agreementVersion: share.agreementVersion }),
    pickUpStartsAt: groupBuy.pickUpStartsAt,
    pickUpEndsAt: groupBuy.pickUpEndsAt,
    lines: share.lines.map((line) => ({
      lineId: line.lineId,
      offerId: line.offerId,
      listingId: line.listingId,
      name: line.name,
      picture: line.picture,
      unitLabel: line.unitLabel,
      ...(line.portionGrams === undefined ? {} : { portionGrams: line.portionGrams }),
      ...(line.weighed === undefined ? {} : { weighed: line.weighed }),
      quantity: line.quantity,
      unitPriceFen: line.unitPriceFen,
      amountFen: line.amountFen,
      taken: [...(takes.get(line) ?? [])],
    })),
  }
}

type Planned = {
  readonly write: Write
  readonly role:
    | 'order'
    | 'lines'
    | 'share'
    | { readonly bucketOf: PlacedLine; readonly take: Take }
    | { readonly limitOf: PlacedShare }
}

function writesOf(placed: Placed, order: OrderItem, lines: OrderLinesItem, takes: BucketTakes, at: Instant): Planned[] {
  const { orderId } = placed
  // One index entry for each order: whose it is finds it, the buyer or the household that somebody ordered for.
  const theirs =
    order.placedBy === undefined
      ? index.personOrders(order.personId, order.placedAt, orderId)
      : index.householdOrders(order.householdId, order.placedAt, orderId)
  const planned: Planned[] = [
    {
      role: 'order',
      write: {
        put: { ...keys.order(orderId), ...index.pendingOrders(orderId, order.expiresAt), ...orderItem.parse(order) },
        condition: NOT_EXISTS,
      },
    },
    {
      role: 'lines',
      write: {
        put: { ...keys.orderLines(orderId), ...theirs, ...storeLines(lines) },
        condition: NOT_EXISTS,
      },
    },
  ]
  placed.shares.forEach((share, position) => {
    const { groupBuyId } = share.groupBuy
    const saleId = lines.shares[position]?.saleId ?? ''
    planned.push({ role: 'share', write: shareWrite(order, share, saleId, placed.pickUpPoint.pickUpPointId) })
    planned.push({ role: { limitOf: share }, write: limitWrite(groupBuyId, order.householdId, share) })
    for (const line of share.lines) {
      for (const take of takes.get(line) ?? []) {
        planned.push({ role: { bucketOf: line, take }, write: takeWrite(groupBuyId, line, take, at) })
      }
    }
  })
  return planned
}

function shareWrite(order: OrderItem, share: PlacedShare, saleId: string, pickUpPointId: string): Write {
  const { groupBuyId } = share.groupBuy
  return {
    put: {
      ...keys.share(groupBuyId, order.orderId),
      entity: 'share',
      v: 1,
      saleId,
      orderId: order.orderId,
      groupBuyId,
      compoundId: order.compoundId,
      householdId: order.householdId,
      state: 'reserved',
      amountFen: share.amountFen,
      refundedFen: 0,
      pickUpPointId,
      lines: share.lines.map(({ lineId, offerId, quantity, unitPriceFen }) => {
        return { lineId, offerId, quantity, unitPriceFen }
      }),
    },
    condition: NOT_EXISTS,
  }
}

/** Per household and group buy one item counts what was taken of each offer; its conditions are the household's limits. */
function limitWrite(groupBuyId: string, householdId: string, share: PlacedShare): Write {
  const names: Record<string, string> = { '#entity': 'entity', '#v': 'v' }
  const values: Record<string, unknown> = { ':entity': 'limit', ':v': 1, ':zero': 0 }
  const sets = ['#entity = :entity', '#v = :v']
  const conditions: string[] = []
  share.lines.forEach((line, at) => {
    names[`#q${at}`] = limitAttribute(line.offerId)
    values[`:q${at}`] = line.quantity
    values[`:room${at}`] = line.perHouseholdLimit - line.quantity
    sets.push(`#q${at} = if_not_exists(#q${at}, :zero) + :q${at}`)
    conditions.push(`(attribute_not_exists(#q${at}) OR #q${at} <= :room${at})`)
  })
  return {
    update: keys.limit(groupBuyId, householdId),
    set: `SET ${sets.join(', ')}`,
    condition: conditions.join(' AND '),
    expression: { names, values },
  }
}

/**
 * Takes stock only while the bucket is open, inside its window, at this price, and has enough. The window is checked
 * against a clock read at the moment of writing, and `state` against the closing that flips it: a request that was held
 * up with an old clock finds the bucket closed.
 */
function takeWrite(groupBuyId: string, line: PlacedLine, take: Take, at: Instant): Write {
  return {
    update: keys.bucket(groupBuyId, line.offerId, take.n),
    set: 'SET #available = #available - :q',
    condition:
      '#available >= :q AND #state = :open AND #opensAt <= :now AND #closesAt > :now AND #priceVersion = :priceVersion',
    expression: {
      names: {
        '#available': 'available',
        '#state': 'state',
        '#opensAt': 'opensAt',
        '#closesAt': 'closesAt',
        '#priceVersion': 'priceVersion',
      },
      values: { ':q': take.quantity, ':open': 'open', ':now': at, ':priceVersion': line.priceVersion },
    },
  }
}

type Explained = SaveRefusal | { readonly kind: 'short'; readonly short: ReadonlyMap<PlacedLine, number> }

/** Why the transaction said no, from the items it came with. A bucket that is only short may have full neighbours. */
function explain(
  plan: readonly Planned[],
  failed: readonly { position: number; item: Record<string, unknown> | undefined }[],
  at: Instant,
): Explained {
  const short = new Map<PlacedLine, number>()
  for (const { position, item } of failed) {
    const role = plan[position]?.role
    assert(typeof role === 'object', 'only limits and buckets can say no')
    if ('limitOf' in role) return limitExceeded(role.limitOf, item)
    const closed = bucketRefusal(role.bucketOf, item, at)
    if (closed !== undefined) return closed
    short.set(role.bucketOf, Number(item?.available ?? 0))
  }
  for (const [line, left] of short) {
    if (line.buckets === 1) return soldOutRefusal(line, left)
  }
  return { kind: 'short', short }
}

function limitExceeded(share: PlacedShare, item: Record<string, unknown> | undefined): SaveRefusal {
  const over = share.lines.find(
    (line) => Number(item?.[limitAttribute(line.offerId)] ?? 0) + line.quantity > line.perHouseholdLimit,
  )
  assert(over !== undefined, 'a limit said no, so a line is over it')
  return limitRefusal(over)
}

function bucketRefusal(
  line: PlacedLine,
  item: Record<string, unknown> | undefined,
  at: Instant,
): SaveRefusal | undefined {
  const bucket = bucketItem.parse(item)
  const fields = { [line.offerId]: '团购已截止' }
  if (bucket.state !== 'open' || bucket.closesAt <= at) return refused('GROUP_BUY_CLOSED', '团购已经截止', fields)
  if (bucket.opensAt > at) return refused('GROUP_BUY_NOT_OPEN', '团购还没有开始', { [line.offerId]: '团购还没有开始' })
  if (bucket.priceVersion !== line.priceVersion) {
    return refused('PRICE_CHANGED', `「${line.name}」的价格有变化，请刷新`, { [line.offerId]: '价格有变化' })
  }
  return undefined
}

/** Reads all buckets of the lines that were short and splits them; refuses only when their sum is short. */
async function splitAnew(
  placed: Placed,
  takes: BucketTakes,
  short: ReadonlyMap<PlacedLine, number>,
): Promise<BucketTakes | SaveRefusal> {
  const next = new Map(takes)
  for (const share of placed.shares) {
    for (const line of share.lines.filter((each) => short.has(each))) {
      const wanted = Array.from({ length: line.buckets }, (_, n) =>
        keys.bucket(share.groupBuy.groupBuyId, line.offerId, n),
      )
      const buckets = await batchGet(bucketItem, wanted)
      const split = splitOverBuckets(line.quantity, buckets)
      if (split === undefined)
        return soldOutRefusal(
          line,
          buckets.reduce((sum, bucket) => sum + bucket.available, 0),
        )
      next.set(line, split)
    }
  }
  return next
}
