import type { ClosedDay } from '#shared/domain/fund/head.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { closedDayItem } from './items/ledger.ts'
import { ledgerKeys } from './ledger-keys.ts'
import { query, queryAll } from './table.ts'

/** What was kept of a fund's finished days: they can change no more, and whoever may look at the ledger reads them here. */
const at = { table: 'LEDGER_TABLE' } as const
const DAYS_MAX = 400
const FIRST_DAY = '0000-00-00'

export async function loadClosedDays(fundId: string, from: ShanghaiDay, to: ShanghaiDay): Promise<ClosedDay[]> {
  const items = await queryAll(closedDayItem, {
    ...at,
    pk: ledgerKeys.fundPk(fundId),
    between: [ledgerKeys.closedDay(fundId, from).SK, ledgerKeys.closedDay(fundId, to).SK],
    max: DAYS_MAX,
  })
  return items.map(({ entity: _entity, v: _v, ...day }) => day)
}

/** The last finished day up to and including this one. */
export async function loadLastClosedDay(fundId: string, to: ShanghaiDay): Promise<ClosedDay | undefined> {
  const { items } = await query(closedDayItem, {
    ...at,
    pk: ledgerKeys.fundPk(fundId),
    between: [ledgerKeys.closedDay(fundId, FIRST_DAY).SK, ledgerKeys.closedDay(fundId, to).SK],
    limit: 1,
    newestFirst: true,
  })
  const [last] = items
  if (last === undefined) return undefined
  const { entity: _entity, v: _v, ...day } = last
  return day
}
