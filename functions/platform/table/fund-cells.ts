import type * as z from 'zod'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { closedDayItem, fundHeadItem } from './items/ledger.ts'
import { ledgerKeys } from './ledger-keys.ts'
import { get, queryAll } from './table.ts'

const at = { table: 'LEDGER_TABLE' } as const
/** From a group buy's opening to the last look at its statement: well over a year. */
const DAYS_MAX = 600

export type FundCell = z.output<typeof closedDayItem>['cells'][number]

/** What a fund has posted, day by day, for a group buy that first sold on this day or later; up to now. */
export async function cellsOfGroupBuy(fundId: string, groupBuyId: string, from: ShanghaiDay): Promise<FundCell[]> {
  // The head first: every day before its open one is finished, and never changes again.
  const head = await get(fundHeadItem, ledgerKeys.head(fundId), at)
  if (head === undefined) return []
  const { day } = head.openDay
  const closed =
    from > day
      ? []
      : await queryAll(closedDayItem, {
          ...at,
          pk: ledgerKeys.fundPk(fundId),
          between: [ledgerKeys.closedDay(fundId, from).SK, ledgerKeys.closedDay(fundId, day).SK],
          max: DAYS_MAX,
        })
  // The open day may have been finished since the head was read; then it is told twice, and counts once.
  const days = [...closed.filter((each) => each.day < day), head.openDay]
  return days.flatMap((each) => each.cells.filter((cell) => cell.groupBuyId === groupBuyId))
}
