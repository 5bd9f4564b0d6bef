import { CHARITY_REMITTANCES_MAX, getCharityFund as route, type CharityFund } from '#shared/contracts/fund-charity.ts'
import { byName, shareFigures, sumShares, type ShareFigures } from '#shared/domain/fund/community-figures.ts'
import { sumOfCells } from '#shared/domain/fund/day-sums.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { DAY_MS, MINUTE_MS, shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { CompoundItem } from '#functions/platform/table/items/places.ts'
import { TtlCache } from '#functions/platform/ttl-cache.ts'
import { loadKeptShare } from './load-standing.ts'
import { loadCharityName, loadNewestRemittances } from './remittance-store.ts'
import { allCompounds, loadHeads } from './store.ts'
import { daysShown } from './window.ts'

const READS_AT_ONCE = 20
/** Of which some were dropped, or are under way. */
const LOOKED_AT = 3 * CHARITY_REMITTANCES_MAX

/** Told to everybody at most so old; the whole district is read for it. */
const FRESH_MS = MINUTE_MS
const answers = new TtlCache<CharityFund>(FRESH_MS, 1)

/** By finished day: what a day was at its end changes no more. Two, for the minutes around midnight. */
const keptDays = new TtlCache<Kept>(DAY_MS, 2)

type Share = Pick<ShareFigures, 'balances' | 'month' | 'total'>
/** Of funds that had an entry by then. */
type Kept = ReadonlyMap<string, Share>

export const getCharityFund = openHttp(route, async (_input, { now }) => answers.get('', now, () => tell(now)))

async function tell(now: Instant): Promise<CharityFund> {
  const { today, asOfDay } = daysShown(false, [], now)
  const compounds = await allCompounds()
  const shares = await keptDays.get(asOfDay, now, () => keep(asOfDay, compounds))
  const heads = await loadHeads(compounds.map(({ compoundId }) => compoundId))
  const [charityName, newest] = await Promise.all([loadCharityName(), loadNewestRemittances(LOOKED_AT)])
  const openDays = new Map(heads.map(({ fundId, openDay }) => [fundId, openDay]))
  const communities = [...Map.groupBy(compounds, ({ communityId }) => communityId)].flatMap(([communityId, own]) => {
    const figures = own.flatMap(({ compoundId }) => figuresOf(shares.get(compoundId), openDays.get(compoundId), today))
    const [first] = own
    if (first === undefined || figures.length === 0) return []
    const { communityName, townName } = first
    return [{ communityId, communityName, townName, ...sumShares(figures) }]
  })
  const named = (each: { communityId: string; communityName: string; townName: string }) => ({
    ...{ id: each.communityId, name: `${each.townName} ${each.communityName}` },
  })
  return {
    ...(charityName === undefined ? {} : { charityName }),
    asOfDay,
    sums: sumShares(communities),
    compoundCount: compounds.length,
    communities: communities.sort((left, right) => byName(named(left), named(right))),
    remittances: newest
      .flatMap(({ state, throughDay, receipt, totalFen, fundCount, steps }) => {
        const postedAt = steps.findLast(({ step }) => step === 'posted')?.at
        if (state !== 'posted' || receipt === undefined || postedAt === undefined) return []
        // Like all figures but today's: of finished days.
        if (shanghaiDay(postedAt) > asOfDay) return []
        return [{ throughDay, receivedOn: receipt.receivedOn, totalFen, fundCount }]
      })
      .slice(0, CHARITY_REMITTANCES_MAX),
  }
}

/** Nothing of a fund that has no entry, neither by the last finished day nor today. */
function figuresOf(share: Share | undefined, openDay: FundHead['openDay'], today: ShanghaiDay): ShareFigures[] {
  const isOfToday = openDay?.day === today
  if (share === undefined && !isOfToday) return []
  const nothing = shareFigures({ standing: undefined, monthBefore: undefined, openDay: undefined }, today)
  return [{ ...nothing, ...share, ...(isOfToday ? { today: sumOfCells(openDay.cells) } : {}) }]
}

async function keep(asOfDay: ShanghaiDay, compounds: readonly CompoundItem[]): Promise<Kept> {
  const heads = await loadHeads(compounds.map(({ compoundId }) => compoundId))
  const shares = await inParallel(heads, READS_AT_ONCE, async (head) => {
    const kept = await loadKeptShare(head, asOfDay)
    const { balances, month, total } = shareFigures(kept, asOfDay)
    return kept.standing === undefined ? [] : [[head.fundId, { balances, month, total }] as const]
  })
  return new Map(shares.flat())
}
