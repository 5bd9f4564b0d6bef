import * as z from 'zod'
import type { GroupBuyPlan, OpenGroupBuyFacts } from '#shared/domain/group-buys/open-group-buy.ts'
import { assert } from '#shared/kernel/assert.ts'
import { Busy } from '#functions/platform/busy.ts'
import {
  bucketItem,
  groupBuyCompoundItem,
  groupBuyIntentItem,
  groupBuyItem,
  groupBuyWatchItem,
  offerItem,
} from '#functions/platform/table/items/group-buys.ts'
import { index, keys, type Key } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, queryAll, transact, type Write } from '#functions/platform/table/table.ts'
import { BUCKETS_PER_OFFER_MAX } from './store.ts'

/** The hundredth place is for the check that the id is still ours. */
const PARTS_PER_TRANSACTION = 99
const ROUNDS_MAX = 5
const FIRST_PRICE = 1
/** Compounds, offers and every bucket, with room to spare. */
const ITEMS_MAX = 1_200

const partKey = z.object({ SK: z.string() })
type Item = Record<string, unknown> & Key
type Facts = OpenGroupBuyFacts

/**
 * A group buy may have more items than one transaction takes (40 offers in 20 buckets each, 60 compounds). So it is written
 * in steps, and none of it can be seen or bought before the last one:
 *
 * 1. the intent: which request owns the id. Another body under the same id is `taken` from here on, so that the parts of two
 *    requests can never mix;
 * 2. the parts, each only if it is not there, never over itself: a second run of the same request may be late, and somebody
 *    may have bought from a bucket by then;
 * 3. the group buy itself with its watch.
 *
 * Cut off anywhere, the same request sent again takes up where it stopped.
 */
export async function writeGroupBuy(facts: Facts, plan: GroupBuyPlan, bodyHash: string): Promise<'written' | 'taken'> {
  const { groupBuyId } = facts
  if (!(await takeId(groupBuyId, bodyHash))) return 'taken'
  const mine = intentIs(groupBuyId, bodyHash)
  const parts = partsOf(facts, plan)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const there = await partsThere(groupBuyId)
    const missing = parts.filter((part) => !there.has(part.SK))
    if (!(await writeParts(missing, mine))) continue
    // Failed: the same request, sent twice, was faster; what is there now is read by the caller.
    await transact([mine, ...headOf(facts, plan, bodyHash)])
    return 'written'
  }
  throw new Busy()
}

async function takeId(groupBuyId: string, bodyHash: string): Promise<boolean> {
  const key = keys.groupBuyIntent(groupBuyId)
  const item = groupBuyIntentItem.parse({ entity: 'groupBuyIntent', v: 1, groupBuyId, bodyHash })
  if ((await transact([{ put: { ...key, ...item }, condition: NOT_EXISTS }])).kind === 'done') return true
  return (await get(groupBuyIntentItem, key))?.bodyHash === bodyHash
}

function intentIs(groupBuyId: string, bodyHash: string): Write {
  const expression = { values: { ':hash': bodyHash } }
  return { check: keys.groupBuyIntent(groupBuyId), condition: 'bodyHash = :hash', expression }
}

async function partsThere(groupBuyId: string): Promise<Set<string>> {
  const { PK } = keys.groupBuy(groupBuyId)
  const items = await queryAll(partKey, { pk: PK, between: ['BUCKET#', 'OFFER#~'], max: ITEMS_MAX })
  return new Set(items.map((item) => item.SK))
}

/** False when some part appeared meanwhile. */
async function writeParts(missing: readonly Item[], mine: Write): Promise<boolean> {
  for (let from = 0; from < missing.length; from += PARTS_PER_TRANSACTION) {
    const parts = missing.slice(from, from + PARTS_PER_TRANSACTION)
    const writes = parts.map((put): Write => ({ put, condition: NOT_EXISTS }))
    if ((await transact([mine, ...writes])).kind === 'failed') return false
  }
  return true
}

function partsOf(facts: Facts, plan: GroupBuyPlan): Item[] {
  const { groupBuyId, body } = facts
  return [
    ...plan.compoundIds.map((compoundId) => ({
      ...keys.groupBuyCompound(groupBuyId, compoundId),
      ...index.compoundGroupBuys(compoundId, body.closesAt, groupBuyId),
      ...groupBuyCompoundItem.parse({
        entity: 'groupBuyCompound',
        v: 1,
        groupBuyId,
        compoundId,
        closesAt: body.closesAt,
      }),
    })),
    ...plan.offers.flatMap((offer, position) => [offerPart(facts, offer, position), ...bucketParts(facts, offer)]),
  ]
}

function offerPart(
  { groupBuyId }: Facts,
  { asked, listing, buckets }: GroupBuyPlan['offers'][number],
  position: number,
) {
  const { coopId: _coopId, version: _version, state: _state, priceFen: _priceFen, ...what } = listing
  const { offerId, priceFen, stock, perHouseholdLimit, priceSteps } = asked
  const item = offerItem.parse({
    entity: 'offer',
    v: 1,
    ...what,
    groupBuyId,
    offerId,
    position,
    priceFen,
    priceVersion: FIRST_PRICE,
    stock,
    perHouseholdLimit,
    buckets: buckets.length,
    ...(priceSteps === undefined || priceSteps.length === 0 ? {} : { priceSteps }),
  })
  return { ...keys.offer(groupBuyId, offerId), ...item }
}

function bucketParts({ groupBuyId, body }: Facts, { asked, buckets }: GroupBuyPlan['offers'][number]) {
  assert(buckets.length <= BUCKETS_PER_OFFER_MAX, 'an offer has few buckets')
  assert(buckets.reduce((sum, portions) => sum + portions, 0) === asked.stock, 'buckets hold the whole stock')
  return buckets.map((available, n) => ({
    ...keys.bucket(groupBuyId, asked.offerId, n),
    ...bucketItem.parse({
      entity: 'bucket',
      v: 1,
      groupBuyId,
      offerId: asked.offerId,
      n,
      available,
      state: 'open',
      opensAt: body.opensAt,
      closesAt: body.closesAt,
      priceVersion: FIRST_PRICE,
    }),
  }))
}

function headOf({ groupBuyId, body, coop }: Facts, plan: GroupBuyPlan, bodyHash: string): Write[] {
  const { title, opensAt, closesAt, pickUpStartsAt, pickUpEndsAt, success, shortageRule } = body
  const { coopId, name: coopName, licence, villageId, villageName, townName } = coop
  const groupBuy = groupBuyItem.parse({
    entity: 'groupBuy',
    v: 1,
    groupBuyId,
    title,
    state: plan.state,
    ...{ coopId, coopName, villageId, villageName, townName },
    ...(licence === undefined ? {} : { coopLicence: licence }),
    ...{ opensAt, closesAt, pickUpStartsAt, pickUpEndsAt },
    offerCount: plan.offers.length,
    compoundIds: plan.compoundIds,
    ...(success === undefined ? {} : { success }),
    ...(shortageRule === undefined ? {} : { shortageRule }),
    bodyHash,
  })
  const watch = groupBuyWatchItem.parse({ entity: 'groupBuyWatch', v: 1, groupBuyId, dueAt: closesAt, due: 'close' })
  return [
    {
      put: { ...keys.groupBuy(groupBuyId), ...index.coopGroupBuys(coopId, opensAt, groupBuyId), ...groupBuy },
      condition: NOT_EXISTS,
    },
    {
      put: { ...keys.groupBuyWatch(groupBuyId), ...index.watchedGroupBuys(closesAt, groupBuyId), ...watch },
      condition: NOT_EXISTS,
    },
  ]
}
