import type { FundView } from '#shared/contracts/fund.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { zeroBalances } from './accounts.ts'
import { addSums, NO_SUMS, sumOfCells, sumsBetween, type DaySums } from './day-sums.ts'
import { balanceFigures, totalSums, type Standing } from './figures.ts'

/** Figures of one compound's share of its community's fund, or of all shares together. */
export type ShareFigures = Pick<FundView, 'balances' | 'today' | 'month' | 'total'>

/** A share as it was kept: nothing of its entries or days, so that a community of many compounds is read in a moment. */
export type KeptShare = {
  /** At the end of the last day that is shown; undefined: it had no entry by then. */
  readonly standing: Standing | undefined
  /** The same before the month of that day began. */
  readonly monthBefore: Standing | undefined
  readonly openDay: DaySums | undefined
}

const NO_SHARE: ShareFigures = {
  balances: balanceFigures({ balances: zeroBalances() }),
  today: NO_SUMS,
  month: NO_SUMS,
  total: NO_SUMS,
}

/** What the fund's own page says of it. `month` is what the month added to everything there was before it. */
export function shareFigures({ standing, monthBefore, openDay }: KeptShare, today: ShanghaiDay): ShareFigures {
  const total = standing === undefined ? NO_SUMS : totalSums(standing)
  return {
    balances: standing === undefined ? NO_SHARE.balances : balanceFigures(standing),
    today: openDay?.day === today ? sumOfCells(openDay.cells) : NO_SUMS,
    month: sumsBetween(monthBefore === undefined ? NO_SUMS : totalSums(monthBefore), total),
    total,
  }
}

export function sumShares(shares: readonly ShareFigures[]): ShareFigures {
  return shares.reduce(
    (sum, share) => ({
      balances: addBalances(sum.balances, share.balances),
      today: addSums(sum.today, share.today),
      month: addSums(sum.month, share.month),
      total: addSums(sum.total, share.total),
    }),
    NO_SHARE,
  )
}

function addBalances(left: ShareFigures['balances'], right: ShareFigures['balances']): ShareFigures['balances'] {
  return {
    pendingFen: left.pendingFen + right.pendingFen,
    availableFen: left.availableFen + right.availableFen,
    reservedFen: left.reservedFen + right.reservedFen,
    spentFen: left.spentFen + right.spentFen,
    clawbackFen: left.clawbackFen + right.clawbackFen,
    settledFen: left.settledFen + right.settledFen,
    dueFen: left.dueFen + right.dueFen,
    cashFen: left.cashFen + right.cashFen,
    paidFen: left.paidFen + right.paidFen,
    othersFen: left.othersFen + right.othersFen,
  }
}

const inChinese = new Intl.Collator('zh-CN', { numeric: true })

/** By name as a Chinese reader looks it up, numbers by their size; equal names by id, so that no two readings differ. */
export function byName(left: Named, right: Named): number {
  return inChinese.compare(left.name, right.name) || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
}
type Named = { readonly id: string; readonly name: string }
