import { type FundView, getFund } from '#shared/contracts/fund.ts'
import { getMatterFigures, listMatters } from '#shared/contracts/matters.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { lastYear } from '#web/lib/matters/ratings.ts'
import { livesIn, workersOf } from '#web/lib/server/grids.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

const SHOWN = 20

/** What everybody may see. */
export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, figures, fund, listed] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    publicRead(getMatterFigures, { query: { compoundId } }),
    publicRead(getFund, { params: { compoundId } }),
    publicRead(listMatters, { query: { compoundId, cursor, limit: SHOWN } }),
  ])
  const { name, townName, communityId, communityName } = dataOrError(compound, event)
  const now = Date.now()
  const { items, nextCursor } = dataOrError(listed, event)
  return {
    compound: { compoundId, name, townName, communityName },
    workers: await workersOf(communityId, compoundId),
    livesHere: await livesIn(event, compoundId),
    months: lastYear(dataOrError(figures, event).items, dayOf(now).slice(0, 7)),
    // What was raised is told also while the fund's figures are not to be had.
    cost: fund.ok ? costOf(fund.data) : undefined,
    ...{ items, nextCursor, now },
    late: lateDaysOf(items, now),
  }
}

const costOf = ({ asOfDay, balances: { spentFen, reservedFen } }: FundView) => ({ asOfDay, spentFen, reservedFen })
