import type { FundStatementView } from '#shared/contracts/fund-statement.ts'
import type { Balances } from './accounts.ts'
import { sumBy, sumOfCells, type DaySums, type Sums } from './day-sums.ts'
import type { Standing } from './figures.ts'
import type { Period } from './period.ts'

/** A statement without its names. */
export type FundStatement = Pick<
  FundStatementView,
  'seq' | 'hash' | 'opening' | 'inflow' | 'outflowFen' | 'closing' | 'check'
> & {
  readonly byVillage: ReadonlyMap<string, Sums>
  readonly byCoop: ReadonlyMap<string, Sums>
  readonly byChannel: ReadonlyMap<string, Sums>
}

/**
 * What came in and went out in a period. What came in is added up from the days; where it began and where it ended was kept
 * with the entries. That the two agree is the statement's own check.
 */
export function fundStatement(
  opening: Standing,
  closing: Standing,
  days: readonly DaySums[],
  { fromDay, toDay }: Pick<Period, 'fromDay' | 'toDay'>,
): FundStatement {
  const cells = days.filter(({ day }) => fromDay <= day && day <= toDay).flatMap((day) => day.cells)
  const inflow = sumOfCells(cells)
  const before = places(opening.balances)
  const after = places(closing.balances)
  const outflowFen = after.paidFen - before.paidFen
  const computedFen = before.balanceFen + inflow.postedFen - outflowFen
  return {
    seq: closing.seq,
    hash: closing.hash,
    opening: before,
    inflow,
    byVillage: sumBy(cells, (cell) => cell.villageId),
    byCoop: sumBy(cells, (cell) => cell.coopId),
    byChannel: sumBy(cells, (cell) => (cell.fairId === undefined ? 'group-buy' : 'fair')),
    outflowFen,
    closing: after,
    check: { computedFen, keptFen: after.balanceFen, ok: computedFen === after.balanceFen },
  }
}

function places(balances: Balances): FundStatementView['opening'] {
  const { pending, available, reserved, clawback, due, cash, paid } = balances
  return {
    balanceFen: pending + available + reserved + clawback,
    pendingFen: pending,
    availableFen: available,
    reservedFen: reserved,
    clawbackFen: 0 - clawback,
    dueFen: due,
    cashFen: cash,
    paidFen: paid,
  }
}
