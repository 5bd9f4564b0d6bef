import type { FundView } from '#shared/contracts/fund.ts'
import {
  MINUTE_MS,
  monthStart,
  plusDays,
  plusMs,
  shanghaiDay,
  weekStart,
  type Instant,
  type ShanghaiDay,
} from '#shared/kernel/time.ts'
import { balanceOf } from './accounts.ts'
import { addSums, NO_SUMS, sumBy, sumOfCells, type DaySums, type Sums } from './day-sums.ts'
import { carryE4Fen } from './donor-sums.ts'
import type { ClosedDay, FundHead } from './head.ts'

/** The fund at some moment: at its head, or at the end of a finished day. */
export type Standing = Pick<FundHead, 'seq' | 'hash' | 'balances' | 'donors' | 'totals'>

/** A day counts as finished a little late: an entry begun before midnight may still be on its way to the table. */
const CLOSING_GRACE_MS = 5 * MINUTE_MS

/** The last Shanghai day that can get no more entries. */
export function lastClosedDay(now: Instant): ShanghaiDay {
  return plusDays(shanghaiDay(plusMs(now, -CLOSING_GRACE_MS)), -1)
}

/** How the fund stood when the day ended: the head itself if nothing came since, else what was kept of that day. */
export function standingAt(
  head: FundHead,
  asOfDay: ShanghaiDay,
  lastClosed: ClosedDay | undefined,
): Standing | undefined {
  if (head.openDay === undefined || head.openDay.day <= asOfDay) return head
  return lastClosed
}

const CHART_DAYS = 14

/** The first day whose sums a page of this day needs: its month, its week, its chart. */
export function firstDayShown(asOfDay: ShanghaiDay): ShanghaiDay {
  const firsts = [monthStart(asOfDay), weekStart(asOfDay), plusDays(asOfDay, 1 - CHART_DAYS)]
  return firsts.sort()[0] ?? asOfDay
}

/**
 * Finished days and the open one, each once: the open day of a head that was read a moment ago may have been finished and
 * kept since, and must not count twice.
 */
export function withOpenDay(closed: readonly DaySums[], openDay: DaySums | undefined): readonly DaySums[] {
  if (openDay === undefined) return closed
  return [...closed.filter(({ day }) => day < openDay.day), openDay]
}

/** Balances as pages show them: what is owed and where it came from as amounts above zero. */
export function balanceFigures({ balances }: Pick<Standing, 'balances'>): FundView['balances'] {
  return {
    pendingFen: balances.pending,
    availableFen: balances.available,
    reservedFen: balances.reserved,
    spentFen: balanceOf(balances, 'spent'),
    clawbackFen: 0 - balances.clawback,
    settledFen: 0 - balances.settled,
    dueFen: balances.due,
    cashFen: balances.cash,
    paidFen: balances.paid,
    othersFen: 0 - (balances.others ?? 0),
  }
}

/** Everything since the fund began. */
export function totalSums({ balances, totals }: Pick<Standing, 'balances' | 'totals'>): Sums {
  return {
    salesFen: totals.salesFen,
    reversedFen: totals.reversedFen,
    postedFen: 0 - balances.sales,
    saleCount: totals.saleCount,
  }
}

export type FundFigures = Omit<
  FundView,
  'fundId' | 'compoundName' | 'communityName' | 'byVillage' | 'byCoop' | 'byGroupBuy'
> & {
  readonly byVillage: ReadonlyMap<string, Sums>
  readonly byCoop: ReadonlyMap<string, Sums>
  readonly byGroupBuy: ReadonlyMap<string, Sums>
}

/**
 * Figures of a page. Everything is as of the end of `asOfDay` (week and month are those that hold it; the breakdowns are
 * of that month); only `today` is of now.
 */
export function fundFigures(
  standing: Standing,
  days: readonly DaySums[],
  view: FundView['view'],
  asOfDay: ShanghaiDay,
  today: ShanghaiDay,
): FundFigures {
  const sumsOf = (from: ShanghaiDay, to: ShanghaiDay) =>
    days
      .filter(({ day }) => from <= day && day <= to)
      .reduce((sum, { cells }) => addSums(sum, sumOfCells(cells)), NO_SUMS)
  const month = days.filter(({ day }) => monthStart(asOfDay) <= day && day <= asOfDay).flatMap(({ cells }) => cells)
  const { totals } = standing
  return {
    seq: standing.seq,
    hash: standing.hash,
    view,
    asOfDay,
    balances: balanceFigures(standing),
    carryE4Fen: standing.donors.reduce((sum, donor) => sum + carryE4Fen(donor.accruedE4Fen), 0),
    today: sumsOf(today, today),
    week: sumsOf(weekStart(asOfDay), asOfDay),
    month: sumOfCells(month),
    total: totalSums(standing),
    byVillage: sumBy(month, (cell) => cell.villageId),
    byCoop: sumBy(month, (cell) => cell.coopId),
    byGroupBuy: sumBy(month, (cell) => cell.groupBuyId),
    byDay: Array.from({ length: CHART_DAYS }, (_none, at) => {
      const day = plusDays(asOfDay, at + 1 - CHART_DAYS)
      return { day, ...sumsOf(day, day) }
    }),
    withoutAgreement: { saleCount: totals.unagreedSaleCount, salesFen: totals.unagreedSalesFen },
  }
}
