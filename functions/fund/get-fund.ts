import { getFund as getFundRoute, type FundView } from '#shared/contracts/fund.ts'
import type { DaySums, Sums } from '#shared/domain/fund/day-sums.ts'
import { firstDayShown, fundFigures, withOpenDay, type FundFigures } from '#shared/domain/fund/figures.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Reply } from '#functions/platform/reply.ts'
import { loadClosedDays } from '#functions/platform/table/closed-days.ts'
import { namesOf } from './names.ts'
import { windowOf, type Window } from './window.ts'

export const getFund = openHttp(getFundRoute, async ({ params }, { caller, now, headers }) => {
  const window = await windowOf(params.compoundId, caller, now)
  const headersOut = { etag: etagOf(window), vary: 'authorization' }
  if (isKnown(headers['if-none-match'], headersOut.etag)) return new Reply<FundView>(undefined, headersOut, 304)
  const figures = fundFigures(await window.standing(), await daysOf(window), window.view, window.asOfDay, window.today)
  const output = {
    ...figures,
    fundId: params.compoundId,
    compoundName: window.compound.name,
    communityName: window.compound.communityName,
    ...(await namedSums(figures, now)),
  }
  return new Reply<FundView>(output, headersOut)
})

// Begins with the fund's seq. At midnight the same seq is another page, and two callers may see it differently.
function etagOf({ head, today, asOfDay, view }: Window): string {
  return `"${head.seq}.${today}.${asOfDay}.${view}"`
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((known) => known.trim().replace(/^W\//, '') === etag)
}

async function daysOf({ compound, head, asOfDay }: Window): Promise<readonly DaySums[]> {
  return withOpenDay(await loadClosedDays(compound.compoundId, firstDayShown(asOfDay), asOfDay), head.openDay)
}

async function namedSums(figures: FundFigures, now: Instant) {
  const { byVillage, byCoop, byGroupBuy } = figures
  const name = await namesOf({ village: byVillage.keys(), coop: byCoop.keys(), groupBuy: byGroupBuy.keys() }, now)
  const list = <Row>(sums: ReadonlyMap<string, Sums>, row: (id: string, sum: Sums) => Row) =>
    [...sums].map(([id, sum]) => row(id, sum))
  return {
    byVillage: list(byVillage, (id, sum) => ({ villageId: id, name: name('village', id), ...sum })),
    byCoop: list(byCoop, (id, sum) => ({ coopId: id, name: name('coop', id), ...sum })),
    byGroupBuy: list(byGroupBuy, (id, sum) => ({ groupBuyId: id, title: name('groupBuy', id), ...sum })),
  }
}
