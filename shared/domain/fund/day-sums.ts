import type { MovementKind, Purpose } from '#shared/contracts/fund.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'

/**
 * Sums of what was recorded: `salesFen` is gross, `reversedFen` what was given back of it (both ≥ 0, net sales are the
 * difference), `postedFen` what moved into the fund (may fall), `saleCount` counts sales alone.
 */
export type Sums = {
  readonly salesFen: number
  readonly reversedFen: number
  readonly postedFen: number
  readonly saleCount: number
}

export const NO_SUMS: Sums = { salesFen: 0, reversedFen: 0, postedFen: 0, saleCount: 0 }

export function addSums(left: Sums, right: Sums): Sums {
  return {
    salesFen: left.salesFen + right.salesFen,
    reversedFen: left.reversedFen + right.reversedFen,
    postedFen: left.postedFen + right.postedFen,
    saleCount: left.saleCount + right.saleCount,
  }
}

/** What came between two moments, from what there was at each. */
export function sumsBetween(earlier: Sums, later: Sums): Sums {
  return {
    salesFen: later.salesFen - earlier.salesFen,
    reversedFen: later.reversedFen - earlier.reversedFen,
    postedFen: later.postedFen - earlier.postedFen,
    saleCount: later.saleCount - earlier.saleCount,
  }
}

/** Where a sum belongs: one village, one co-op and one group buy or fair; pages add cells up as they need. */
export type Cell = Sums & {
  readonly villageId: string
  readonly coopId: string
  readonly groupBuyId?: string | undefined
  readonly fairId?: string | undefined
}

/** One Shanghai day of the ledger by `postedAt`. A day is open while it is the last one with an entry. */
export type DaySums = {
  readonly day: ShanghaiDay
  readonly entryCount: number
  readonly cells: readonly Cell[]
  /** Sums of the day's movements by kind and purpose; absent when there was none. */
  readonly flows?: readonly Flow[] | undefined
}

export type Flow = { readonly kind: MovementKind; readonly purpose?: Purpose | undefined; readonly movedFen: number }

export function flowKey({ kind, purpose }: Pick<Flow, 'kind' | 'purpose'>): string {
  return `${kind}#${purpose ?? ''}`
}

export function addFlow(before: Flow | undefined, flow: Flow): Flow {
  return { ...flow, movedFen: (before?.movedFen ?? 0) + flow.movedFen }
}

export function cellKey(cell: Pick<Cell, 'villageId' | 'coopId' | 'groupBuyId' | 'fairId'>): string {
  return `${cell.villageId}#${cell.coopId}#${cell.groupBuyId ?? ''}#${cell.fairId ?? ''}`
}

export function sumOfCells(cells: readonly Cell[]): Sums {
  return cells.reduce((sum, cell) => addSums(sum, cell), NO_SUMS)
}

/** Adds cells up by a name of theirs; cells without one (a fair has no group buy) are left out. Ordered by name. */
export function sumBy(cells: readonly Cell[], nameOf: (cell: Cell) => string | undefined): Map<string, Sums> {
  const sums = new Map<string, Sums>()
  for (const cell of cells) {
    const name = nameOf(cell)
    if (name !== undefined) sums.set(name, addSums(sums.get(name) ?? NO_SUMS, cell))
  }
  return new Map([...sums].sort(([left], [right]) => (left < right ? -1 : 1)))
}
