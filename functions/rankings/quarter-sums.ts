import type { RankingCounts, RankingSubject } from '#shared/contracts/rankings.ts'
import { monthsOf, type Quarter } from '#shared/kernel/quarters.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { QuarterSums } from '#shared/domain/rankings/decide-act.ts'
import { bodiesOf } from '#functions/platform/bodies.ts'
import { countHouseholds } from '#functions/platform/households.ts'
import { bodyQuarterItem, matterMonthItem } from '#functions/platform/table/items/matters.ts'
import { compoundItem, type CommunityItem, type CompoundItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { batchGet, queryAll } from '#functions/platform/table/table.ts'

const COMPOUNDS_MAX = 200
const BODIES_OF_A_QUARTER_MAX = 400

/** What each property company of a community did in each of its compounds in a quarter, as the sums say it now. */
export async function sumsOf(community: CommunityItem, quarter: Quarter, now: Instant): Promise<QuarterSums> {
  const [bodies, compounds] = await Promise.all([bodiesOf(community.communityId), compoundsOf(community)])
  const names = new Map(
    bodies.filter(({ bodyKind }) => bodyKind === 'property').map(({ bodyId, name }) => [bodyId, name]),
  )
  const subjects: RankingSubject[] = []
  let knowsHotline = true
  for (const compound of compounds) {
    const sums = await sumsIn(compound, quarter, names, now)
    subjects.push(...sums.subjects)
    knowsHotline &&= sums.knowsHotline
  }
  return { subjects, knowsHotline }
}

/** Compounds of a community (pattern 2). */
function compoundsOf({ townId, communityId }: CommunityItem): Promise<CompoundItem[]> {
  const { GSI1PK: pk } = index.places('compound', '', '', '')
  return queryAll(compoundItem, { pk, prefix: `${townId}#${communityId}#`, index: 'GSI1', max: COMPOUNDS_MAX })
}

async function sumsIn(
  { compoundId, name: compoundName }: CompoundItem,
  quarter: Quarter,
  names: ReadonlyMap<string, string>,
  now: Instant,
): Promise<QuarterSums> {
  const { PK: pk } = matterKeys.bodyQuarter(compoundId, quarter, '')
  const sums = await queryAll(bodyQuarterItem, { pk, prefix: `${quarter}#`, max: BODIES_OF_A_QUARTER_MAX })
  const ranked = sums.filter(({ bodyId }) => names.has(bodyId))
  if (ranked.length === 0) return { subjects: [], knowsHotline: true }
  const [{ hotline, knowsHotline }, households] = await Promise.all([
    hotlineOf(compoundId, quarter),
    countHouseholds(compoundId, now),
  ])
  const subjects = ranked.map(({ bodyId, assigned, left, overdue, solved, unsolved, ratings, score4, score5 }) => {
    const ofBody = { assigned, left, overdue, solved, unsolved, ratings, content: score4 + score5 }
    const counts: RankingCounts = { ...ofBody, hotline, households }
    return { bodyId, bodyName: names.get(bodyId) ?? bodyId, compoundId, compoundName, counts }
  })
  return { subjects, knowsHotline }
}

/** Tickets of the hotline 12345 in a quarter: of each month whichever is known of more, tickets or their number. */
async function hotlineOf(compoundId: string, quarter: Quarter): Promise<{ hotline: number; knowsHotline: boolean }> {
  const wanted = monthsOf(quarter)
  const months = await batchGet(
    matterMonthItem,
    wanted.map((month) => matterKeys.month(compoundId, month)),
  )
  const known = months.filter(({ hotline, hotlineCount }) => hotline > 0 || hotlineCount !== undefined)
  return {
    hotline: known.reduce((sum, { hotline, hotlineCount }) => sum + Math.max(hotline, hotlineCount ?? 0), 0),
    knowsHotline: known.length === wanted.length,
  }
}
