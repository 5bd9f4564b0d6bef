import { purposes, type MovementKind, type Purpose } from '#shared/contracts/fund.ts'
import type { FundStatementView } from '#shared/contracts/fund-statement.ts'
import type { Balances } from './accounts.ts'
import { sumBy, sumOfCells, type DaySums, type Flow, type Sums } from './day-sums.ts'
import type { Standing } from './figures.ts'
import type { Period } from './period.ts'

/** A statement without its names. */
export type FundStatement = Pick<
  FundStatementView,
  | 'seq'
  | 'hash'
  | 'opening'
  | 'inflow'
  | 'otherFen'
  | 'outflowFen'
  | 'byPurpose'
  | 'inKind'
  | 'remittedFen'
  | 'closing'
  | 'check'
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
  const within = days.filter(({ day }) => fromDay <= day && day <= toDay)
  const cells = within.flatMap((day) => day.cells)
  const flows = within.flatMap((day) => day.flows ?? [])
  const inflow = sumOfCells(cells)
  const before = places(opening.balances)
  const after = places(closing.balances)
  const otherFen = movedFen(flows, 'opening') + movedFen(flows, 'correction')
  const outflowFen = movedFen(flows, 'disbursement')
  const computedFen = before.balanceFen + inflow.postedFen + otherFen - outflowFen
  return {
    seq: closing.seq,
    hash: closing.hash,
    opening: before,
    inflow,
    byVillage: sumBy(cells, (cell) => cell.villageId),
    byCoop: sumBy(cells, (cell) => cell.coopId),
    byChannel: sumBy(cells, (cell) => (cell.fairId === undefined ? 'group-buy' : 'fair')),
    otherFen,
    outflowFen,
    byPurpose: byPurpose(flows, 'disbursement').map(({ purpose, fen }) => ({ purpose, spentFen: fen })),
    inKind: byPurpose(flows, 'in-kind').map(({ purpose, fen }) => ({ purpose, valueFen: fen })),
    remittedFen: movedFen(flows, 'remittance'),
    closing: after,
    check: { computedFen, keptFen: after.balanceFen, ok: computedFen === after.balanceFen },
  }
}

function movedFen(flows: readonly Flow[], kind: MovementKind): number {
  return flows.filter((flow) => flow.kind === kind).reduce((sum, flow) => sum + flow.movedFen, 0)
}

/** In the order of the purposes; those that nothing was moved for are left out. */
function byPurpose(flows: readonly Flow[], kind: MovementKind): { purpose: Purpose; fen: number }[] {
  return purposes.flatMap((purpose) => {
    const fen = movedFen(
      flows.filter((flow) => flow.purpose === purpose),
      kind,
    )
    return fen === 0 ? [] : [{ purpose, fen }]
  })
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
