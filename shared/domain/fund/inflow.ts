import { GROUP_BUYS_NAMED_MAX } from '#shared/contracts/fund-inflow.ts'
import type { Span } from '#shared/contracts/fund-spans.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { addSums, NO_SUMS, sumBy, sumOfCells, type Cell, type DaySums, type Sums } from './day-sums.ts'
import { barsOf, sameDaysBefore, spanBefore, spanOf, type Days } from './span.ts'

export type Compared = Sums & { readonly beforePostedFen: number }

/** What came in in a span and in the one before, without names. */
export type Inflow = Days & {
  readonly countedTo: ShanghaiDay
  readonly sums: Sums
  readonly before: Days & {
    readonly whole: Sums
    readonly toSameDay: ShanghaiDay
    readonly sameDays: Sums
  }
  readonly bars: readonly (Days & Sums)[]
  readonly byChannel: ReadonlyMap<'group-buy' | 'fair', Compared>
  readonly byVillage: ReadonlyMap<string, Compared>
  readonly byCoop: ReadonlyMap<string, Compared>
  /** The largest first, at most as many as a page names. */
  readonly byGroupBuy: ReadonlyMap<string, Sums>
  readonly otherGroupBuys: Sums & { readonly groupBuyCount: number }
}

export const channelOf = (cell: Pick<Cell, 'fairId'>) => (cell.fairId === undefined ? 'group-buy' : 'fair')

/** The days that a span of inflow is told from: its own and those of the span before. */
export function daysOfInflow(span: Span, day: ShanghaiDay): Days {
  const own = spanOf(span, day)
  return { fromDay: spanBefore(span, own).fromDay, toDay: own.toDay }
}

/** `days`: those of `daysOfInflow`. What comes after `asOfDay` is not counted, whatever the days hold. */
export function inflowOf(days: readonly DaySums[], span: Span, day: ShanghaiDay, asOfDay: ShanghaiDay): Inflow {
  const own = spanOf(span, day)
  const countedTo = asOfDay < own.toDay ? asOfDay : own.toDay
  const before = spanBefore(span, own)
  const same = sameDaysBefore(own, countedTo, before)
  const cells = (wanted: Days) => cellsOf(days, wanted, asOfDay)
  const [mine, theirs] = [cells(own), cells(same)]
  const groupBuys = [...sumBy(mine, (cell) => cell.groupBuyId)].sort(
    ([, left], [, right]) => right.postedFen - left.postedFen || right.salesFen - left.salesFen,
  )
  const others = groupBuys.slice(GROUP_BUYS_NAMED_MAX)
  const byChannel = compare(mine, theirs, channelOf)
  const none: Compared = { ...NO_SUMS, beforePostedFen: 0 }
  return {
    ...own,
    countedTo,
    sums: sumOfCells(mine),
    before: { ...before, whole: sumOfCells(cells(before)), toSameDay: same.toDay, sameDays: sumOfCells(theirs) },
    bars: barsOf(span, own).map((bar) => ({ ...bar, ...sumOfCells(cells(bar)) })),
    byChannel: new Map([
      ['group-buy', byChannel.get('group-buy') ?? none],
      ['fair', byChannel.get('fair') ?? none],
    ]),
    byVillage: compare(mine, theirs, (cell) => cell.villageId),
    byCoop: compare(mine, theirs, (cell) => cell.coopId),
    byGroupBuy: new Map(groupBuys.slice(0, GROUP_BUYS_NAMED_MAX)),
    otherGroupBuys: {
      groupBuyCount: others.length,
      ...others.reduce((sum, [, each]) => addSums(sum, each), NO_SUMS),
    },
  }
}

/** A part of what came in: of one village, co-op, group buy or channel, or of several of these at once. */
export type InflowPart = {
  readonly villageId?: string | undefined
  readonly coopId?: string | undefined
  readonly groupBuyId?: string | undefined
  readonly channel?: 'group-buy' | 'fair' | undefined
}

/** What the entries of these days and this part add up to, from what was kept of the days. */
export function sumsOfPart(days: readonly DaySums[], within: Days, part: InflowPart, asOfDay: ShanghaiDay): Sums {
  const { villageId, coopId, groupBuyId, channel } = part
  return sumOfCells(
    cellsOf(days, within, asOfDay).filter(
      (cell) =>
        (villageId === undefined || cell.villageId === villageId) &&
        (coopId === undefined || cell.coopId === coopId) &&
        (groupBuyId === undefined || cell.groupBuyId === groupBuyId) &&
        (channel === undefined || channelOf(cell) === channel),
    ),
  )
}

function cellsOf(days: readonly DaySums[], { fromDay, toDay }: Days, asOfDay: ShanghaiDay): readonly Cell[] {
  return days.filter(({ day }) => fromDay <= day && day <= toDay && day <= asOfDay).flatMap(({ cells }) => cells)
}

/** Those of either span: a village that has sent nothing this month is what somebody looks for. */
function compare(
  mine: readonly Cell[],
  theirs: readonly Cell[],
  nameOf: (cell: Cell) => string,
): Map<string, Compared> {
  const [now, before] = [sumBy(mine, nameOf), sumBy(theirs, nameOf)]
  const ids = [...new Set([...now.keys(), ...before.keys()])].sort()
  return new Map(
    ids.map((id) => [id, { ...(now.get(id) ?? NO_SUMS), beforePostedFen: before.get(id)?.postedFen ?? 0 }]),
  )
}
