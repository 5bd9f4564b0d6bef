import { getFundStatement as getRoute, listFundStatements as listRoute } from '#shared/contracts/fund-statement.ts'
import type { Sums } from '#shared/domain/fund/day-sums.ts'
import { lastClosedDay, withOpenDay, type Standing } from '#shared/domain/fund/figures.ts'
import { emptyHead, type FundHead } from '#shared/domain/fund/head.ts'
import { periodOf, periodsOf } from '#shared/domain/fund/period.ts'
import { fundStatement } from '#shared/domain/fund/statement.ts'
import { plusDays, shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { Reply } from '#functions/platform/reply.ts'
import { loadClosedDays } from '#functions/platform/table/closed-days.ts'
import { loadStanding } from './load-standing.ts'
import { namesOf } from './names.ts'
import { sha256 } from './sha256.ts'
import { loadEntries } from './store.ts'
import { windowOf, type Window } from './window.ts'

const headers = { vary: 'authorization' }

/** A year is 366 finished days at most: they are read, not the entries. */
export const getFundStatement = openHttp(getRoute, async ({ params }, { caller, now }) => {
  const window = await windowOf(params.compoundId, caller, now)
  const period = periodOf(params.period)
  if (!isShown(window, period)) throw new Missing()
  const { head, asOfDay, compound } = window
  const to = period.toDay < asOfDay ? period.toDay : asOfDay
  const [opening, closing, closed] = await Promise.all([
    standingOf(head, plusDays(period.fromDay, -1)),
    standingOf(head, to),
    loadClosedDays(compound.compoundId, period.fromDay, to),
  ])
  const made = fundStatement(opening, closing, withOpenDay(closed, head.openDay), { ...period, toDay: to })
  const { byVillage, byCoop, byChannel, ...figures } = made
  return new Reply(
    {
      ...{ fundId: compound.compoundId, compoundName: compound.name, communityName: compound.communityName },
      ...{ ...period, isOver: isOver(period, now), asOfDay: to },
      ...figures,
      ...(await named(byVillage, byCoop, now)),
      byChannel: [...byChannel].map(([channel, sum]) => ({
        channel: channel === 'fair' ? ('fair' as const) : ('group-buy' as const),
        ...sum,
      })),
    },
    headers,
  )
})

export const listFundStatements = openHttp(listRoute, async ({ params }, { caller, now }) => {
  const window = await windowOf(params.compoundId, caller, now)
  const [first] = await loadEntries(params.compoundId, { from: 1, to: 1, limit: 1 })
  const periods = first === undefined ? [] : periodsOf(shanghaiDay(first.postedAt), window.today)
  const items = periods.filter((period) => isShown(window, period))
  return new Reply(
    {
      ...{ compoundName: window.compound.name, communityName: window.compound.communityName },
      items: items.map((period) => ({ ...period, isOver: isOver(period, now) })),
    },
    headers,
  )
})

const isOver = ({ toDay }: { toDay: ShanghaiDay }, now: Instant) => toDay <= lastClosedDay(now)

/** Everybody sees what is over; workers see what has begun. */
function isShown({ view, asOfDay }: Window, { fromDay, toDay }: { fromDay: ShanghaiDay; toDay: ShanghaiDay }): boolean {
  return view === 'live' ? fromDay <= asOfDay : toDay <= asOfDay
}

async function standingOf(head: FundHead, day: ShanghaiDay): Promise<Standing> {
  return (await loadStanding(head, day)) ?? emptyHead(head.fundId, sha256)
}

async function named(byVillage: ReadonlyMap<string, Sums>, byCoop: ReadonlyMap<string, Sums>, now: Instant) {
  const name = await namesOf({ village: byVillage.keys(), coop: byCoop.keys(), groupBuy: [] }, now)
  return {
    byVillage: [...byVillage].map(([villageId, sum]) => ({ villageId, name: name('village', villageId), ...sum })),
    byCoop: [...byCoop].map(([coopId, sum]) => ({ coopId, name: name('coop', coopId), ...sum })),
  }
}
