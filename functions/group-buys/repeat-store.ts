import { createHash, randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { REPEAT_WEEKS_SHOWN, REPEATS_PER_COOP_MAX, type Repeat, type RepeatWeek } from '#shared/contracts/group-buys.ts'
import { weeksLater } from '#shared/domain/group-buys/next-edition.ts'
import type { OpenGroupBuyBody } from '#shared/domain/group-buys/open-group-buy.ts'
import type { Repetition } from '#shared/domain/group-buys/repeat-group-buy.ts'
import type { Instant } from '#shared/kernel/time.ts'
import {
  type GroupBuyItem,
  type GroupBuyRepeatItem,
  groupBuyRepeatItem,
  repeatWeekItem,
} from '#functions/platform/table/items/group-buys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'
import type { LoadedGroupBuy } from './store.ts'

/** The cap is against floods: two that begin at the same moment may pass it by one. */
const REPEATS_MAX = 2 * REPEATS_PER_COOP_MAX
type WeekItem = z.output<typeof repeatWeekItem>

export function getRepeat(coopId: string, groupBuyId: string): Promise<GroupBuyRepeatItem | undefined> {
  return get(groupBuyRepeatItem, keys.groupBuyRepeat(coopId, groupBuyId))
}

/** Pattern 24. */
export function repeatsOfCoop(coopId: string): Promise<GroupBuyRepeatItem[]> {
  const { PK, SK } = keys.groupBuyRepeat(coopId, '')
  return queryAll(groupBuyRepeatItem, { pk: PK, prefix: SK, max: REPEATS_MAX })
}

/** Newest first. */
export async function weeksOfCoop(coopId: string): Promise<RepeatWeek[]> {
  const { PK } = keys.repeatWeek(coopId, '', '')
  const page = await query(repeatWeekItem, { pk: PK, prefix: 'WEEK#', newestFirst: true, limit: REPEAT_WEEKS_SHOWN })
  return page.items.map(({ entity: _entity, v: _v, coopId: _coopId, ...week }) => week)
}

/** Pattern 25, soonest first. */
export function dueRepeats(now: Instant, limit: number, cursor: string | undefined) {
  const { GSI1PK } = index.dueRepeats('', '')
  // Key attributes take no empty string; every moment sorts after '0'.
  return query(groupBuyRepeatItem, { pk: GSI1PK, between: ['0', `${now}~`], index: 'GSI1', limit, cursor })
}

export function repetitionOf(item: GroupBuyRepeatItem): Repetition {
  const { opensAt, closesAt, pickUpStartsAt, pickUpEndsAt, week, lastWeek, dueAt } = item
  return { window: { opensAt, closesAt, pickUpStartsAt, pickUpEndsAt }, week, lastWeek, dueAt }
}

export function repeatView(item: GroupBuyRepeatItem): Repeat {
  const { groupBuyId, coopId, title, week, dueAt, lastWeek } = item
  return {
    ...{ groupBuyId, coopId, title },
    next: { week, dueAt, ...weeksLater(item, week) },
    ...(lastWeek === undefined ? {} : { lastWeek }),
  }
}

type Named = Pick<GroupBuyItem, 'groupBuyId' | 'coopId' | 'title'>

/** Writes over exactly what was read, or over nothing. False: somebody was faster. */
export async function putRepeat(
  { groupBuyId, coopId, title }: Named,
  repetition: Repetition,
  read: GroupBuyRepeatItem | undefined,
): Promise<GroupBuyRepeatItem | undefined> {
  const { window, week, lastWeek, dueAt } = repetition
  const item = groupBuyRepeatItem.parse({
    ...{ entity: 'groupBuyRepeat', v: 1, groupBuyId, coopId, title, ...window, week, dueAt, revision: randomUUID() },
    ...(lastWeek === undefined ? {} : { lastWeek }),
  })
  const put = { ...keys.groupBuyRepeat(coopId, groupBuyId), ...index.dueRepeats(dueAt, groupBuyId), ...item }
  const written = await transact([read === undefined ? { put, condition: NOT_EXISTS } : { put, ...asRead(read) }])
  return written.kind === 'done' || written.failed[0]?.item?.revision === item.revision ? item : undefined
}

export async function deleteRepeat(read: GroupBuyRepeatItem): Promise<boolean> {
  const key = keys.groupBuyRepeat(read.coopId, read.groupBuyId)
  const done = await transact([{ delete: key, ...asRead(read) }])
  return done.kind === 'done' || done.failed[0]?.item === undefined
}

function asRead({ revision }: GroupBuyRepeatItem) {
  return { condition: 'revision = :read', expression: { values: { ':read': revision } } }
}

/** What became of a week. That it was opened is never written over by what a slower clock thought. */
export async function putWeek({ coopId }: GroupBuyRepeatItem, week: RepeatWeek): Promise<void> {
  const item: WeekItem = repeatWeekItem.parse({ entity: 'repeatWeek', v: 1, coopId, ...week })
  const put = { ...keys.repeatWeek(coopId, week.opensAt, week.groupBuyId), ...item }
  const write: Write =
    week.outcome === 'opened'
      ? { put, condition: ALWAYS }
      : {
          put,
          condition: 'attribute_not_exists(PK) OR outcome <> :opened',
          expression: { values: { ':opened': 'opened' } },
        }
  await transact([write])
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** The id of an edition comes from what it repeats and its week: a clock that runs twice opens the same one. */
export function editionIdOf(groupBuyId: string, week: number): string {
  return `w-${digest(`${groupBuyId}/week/${week}`).slice(0, 32)}`
}

/** The request that opens an edition: what was opened at first, later by whole weeks. */
export function editionBody({ groupBuy, offers }: LoadedGroupBuy, week: number): OpenGroupBuyBody {
  const { groupBuyId, coopId, title, compoundIds, success, shortageRule } = groupBuy
  const editionId = editionIdOf(groupBuyId, week)
  return {
    ...{ coopId, title, compoundIds },
    ...weeksLater(groupBuy, week),
    ...(success === undefined ? {} : { success }),
    ...(shortageRule === undefined ? {} : { shortageRule }),
    offers: offers.map(({ listingId, priceFen, stock, perHouseholdLimit, buckets, priceSteps }) => ({
      offerId: `o-${digest(`${editionId}/${listingId}`).slice(0, 20)}`,
      ...{ listingId, priceFen, stock, perHouseholdLimit, buckets },
      ...(priceSteps === undefined ? {} : { priceSteps }),
    })),
  }
}
