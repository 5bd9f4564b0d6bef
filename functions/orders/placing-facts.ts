import * as z from 'zod'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import type { WantedLine } from '#shared/domain/orders/merge-lines.ts'
import type { GroupBuyFacts, OfferFacts } from '#shared/domain/orders/place-order.ts'
import { agreementInForce } from '#shared/domain/places/agreement.ts'
import { inForceOn } from '#shared/kernel/term.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem, offerItem } from '#functions/platform/table/items/group-buys.ts'
import { membershipItem, pairingItem, pickUpPointItem } from '#functions/platform/table/items/places.ts'
import { batchGet, get, queryAll } from '#functions/platform/table/table.ts'
import { TtlCache } from '#functions/platform/ttl-cache.ts'

export type Basket = {
  readonly lines: readonly WantedLine[]
  readonly pickUpPointId?: string | undefined
  readonly compoundId: string
  readonly communityId: string
  /** Whose household orders, and which. */
  readonly personId: string
  readonly householdId: string
}

const placing = z.discriminatedUnion('entity', [groupBuyItem, offerItem, pairingItem, pickUpPointItem, membershipItem])

/**
 * Everything a placing decision looks at, read consistently in one request. Which keys to read (the person's household, the
 * compound's pick-up points, a group buy's village) is remembered from earlier; what stands under them never is.
 */
export async function loadForPlacing(basket: Basket, at: Instant) {
  const { compoundId, communityId } = basket
  const groupBuyIds = [...new Set(basket.lines.map((line) => line.groupBuyId))]
  const [pickUpPointIds, villageIds] = await Promise.all([
    pickUpPointIdsOf(compoundId, basket.pickUpPointId, at),
    Promise.all(groupBuyIds.map(villageOf)),
  ])
  const offerKeys = new Map(
    basket.lines.map((line) => [`${line.groupBuyId} ${line.offerId}`, keys.offer(line.groupBuyId, line.offerId)]),
  )
  const found = await batchGet(placing, [
    keys.membership(basket.personId, 'resident', basket.householdId),
    ...pickUpPointIds.map((id) => keys.pickUpPoint(compoundId, id)),
    ...[...new Set(villageIds)].flatMap((id) => (id === undefined ? [] : [keys.pairing(communityId, id)])),
    ...groupBuyIds.map((id) => keys.groupBuy(id)),
    ...offerKeys.values(),
  ])
  const pairings = found.filter((item) => item.entity === 'pairing')
  const offers = found.filter((item) => item.entity === 'offer')
  const groupBuys = found.filter((item) => item.entity === 'groupBuy')
  const day = shanghaiDay(at)
  const facts = groupBuys.map((groupBuy): [string, GroupBuyFacts] => {
    const pairing = pairings.find((each) => each.villageId === groupBuy.villageId && inForceOn(each, day))
    const mine = offers.filter((offer) => offer.groupBuyId === groupBuy.groupBuyId)
    return [
      groupBuy.groupBuyId,
      {
        ...groupBuy,
        paired: pairing !== undefined,
        agreement: pairing === undefined ? undefined : agreementInForce(pairing.agreements, day),
        offers: new Map(mine.map((offer) => [offer.offerId, offerFacts(offer)])),
      },
    ]
  })
  return {
    /** Absent when the person has left it since. */
    household: found.filter((item) => item.entity === 'membership').find((item) => isHeld(item, at)),
    pickUpPoints: found.filter((item) => item.entity === 'pickUpPoint'),
    groupBuys: new Map(facts),
  }
}

const PICK_UP_POINTS_MAX = 50
const REMEMBERED_MS = 30_000
const REMEMBERED_MAX = 5_000
const knownPoints = new TtlCache<readonly string[]>(REMEMBERED_MS, REMEMBERED_MAX)

/** The points that can be meant: the one that is named, or else all of the compound. */
async function pickUpPointIdsOf(compoundId: string, wanted: string | undefined, at: Instant) {
  if (wanted !== undefined) return [wanted]
  const known = await knownPoints.get(compoundId, at, () => readPickUpPointIds(compoundId))
  if (known.length > 0) return known
  knownPoints.forget(compoundId)
  return readPickUpPointIds(compoundId)
}

async function readPickUpPointIds(compoundId: string): Promise<readonly string[]> {
  const pk = keys.place('compound', compoundId).PK
  const points = await queryAll(pickUpPointItem, { pk, prefix: 'PICKUP#', max: PICK_UP_POINTS_MAX })
  return points.map((point) => point.pickUpPointId)
}

/** A group buy's village never changes. */
const villages = new Map<string, string>()

async function villageOf(groupBuyId: string): Promise<string | undefined> {
  const known = villages.get(groupBuyId)
  if (known !== undefined) return known
  const villageId = (await get(groupBuyItem, keys.groupBuy(groupBuyId)))?.villageId
  if (villages.size >= REMEMBERED_MAX) villages.clear()
  if (villageId !== undefined) villages.set(groupBuyId, villageId)
  return villageId
}

function offerFacts(offer: z.output<typeof offerItem>): OfferFacts {
  const { offerId, listingId, name, picture, priceFen, priceVersion, perHouseholdLimit, buckets, saleUnit } = offer
  return {
    ...{ offerId, listingId, name, picture, priceFen, priceVersion, perHouseholdLimit, buckets },
    unitLabel: unitLabel(saleUnit),
    ...(saleUnit.by === 'weight' ? { portionGrams: saleUnit.portionGrams } : {}),
    ...(saleUnit.by === 'weight' && saleUnit.weighed === true ? { weighed: true as const } : {}),
  }
}
