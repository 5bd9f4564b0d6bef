import { getFundInflow as getRoute, sumFundInflow as sumRoute } from '#shared/contracts/fund-inflow.ts'
import type { DaySums } from '#shared/domain/fund/day-sums.ts'
import { withOpenDay } from '#shared/domain/fund/figures.ts'
import { daysOfInflow, inflowOf, sumsOfPart, type Inflow } from '#shared/domain/fund/inflow.ts'
import type { Days } from '#shared/domain/fund/span.ts'
import { plusDays, type Instant } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Reply } from '#functions/platform/reply.ts'
import { loadClosedDays } from '#functions/platform/table/closed-days.ts'
import { namesOf } from './names.ts'
import { windowOf, type Window } from './window.ts'

const headers = { vary: 'authorization' }
const DAYS_MAX = 366

/** A year and the one before it are 731 kept days at most: they are read, not the entries. */
export const getFundInflow = openHttp(getRoute, async ({ params, query }, { caller, now }) => {
  const window = await windowOf(params.compoundId, caller, now)
  const { compound, view, asOfDay } = window
  const day = query.day ?? asOfDay
  if (day > asOfDay) throw new Invalid({ day: `after ${asOfDay}, the last day that is shown` })
  const days = await keptDays(window, daysOfInflow(query.span, day))
  const found = inflowOf(days, query.span, day, asOfDay)
  const fund = {
    fundId: compound.compoundId,
    compoundName: compound.name,
    communityName: compound.communityName,
  }
  return new Reply({ ...fund, view, asOfDay, span: query.span, ...(await named(found, now)) }, headers)
})

export const sumFundInflow = openHttp(sumRoute, async ({ params, query }, { caller, now }) => {
  const { fromDay, toDay, ...part } = query
  if (fromDay > toDay) throw new Invalid({ toDay: 'before fromDay' })
  if (toDay > plusDays(fromDay, DAYS_MAX - 1)) throw new Invalid({ toDay: `more than ${DAYS_MAX} days after fromDay` })
  const window = await windowOf(params.compoundId, caller, now)
  const { asOfDay } = window
  const sums = sumsOfPart(await keptDays(window, { fromDay, toDay }), { fromDay, toDay }, part, asOfDay)
  return new Reply({ fromDay, countedTo: asOfDay < toDay ? asOfDay : toDay, sums }, headers)
})

/** The days that are kept, and the one that is still growing. */
export async function keptDays(
  { head, asOfDay }: Pick<Window, 'head' | 'asOfDay'>,
  { fromDay, toDay }: Days,
): Promise<readonly DaySums[]> {
  const last = asOfDay < toDay ? asOfDay : toDay
  if (fromDay > last) return []
  const halfWay = plusDays(fromDay, DAYS_MAX)
  const parts =
    last < halfWay ? [[fromDay, last] as const] : [[fromDay, plusDays(halfWay, -1)] as const, [halfWay, last] as const]
  const closed = await Promise.all(parts.map(([from, to]) => loadClosedDays(head.fundId, from, to)))
  return withOpenDay(closed.flat(), head.openDay)
}

async function named({ byChannel, byVillage, byCoop, byGroupBuy, ...figures }: Inflow, now: Instant) {
  const name = await namesOf({ village: byVillage.keys(), coop: byCoop.keys(), groupBuy: byGroupBuy.keys() }, now)
  return {
    ...figures,
    bars: [...figures.bars],
    byChannel: [...byChannel].map(([channel, sum]) => ({ channel, ...sum })),
    byVillage: [...byVillage].map(([villageId, sum]) => ({ villageId, name: name('village', villageId), ...sum })),
    byCoop: [...byCoop].map(([coopId, sum]) => ({ coopId, name: name('coop', coopId), ...sum })),
    byGroupBuy: [...byGroupBuy].map(([groupBuyId, sum]) => ({
      ...{ groupBuyId, title: name('groupBuy', groupBuyId) },
      ...sum,
    })),
  }
}
