import { carryOf, oversoldOf, type Checked } from './checks.ts'
import { percentile } from './lag.ts'
import { endsPaid, type Evidence } from './records.ts'
import { exactYuanText, tableOf, yuanText } from './table.ts'

const HEADING = [
  '小区 compound',
  '订单 orders',
  '成交 sales',
  '冲回 reversed',
  '应捐 2 % exact',
  '已记 posted',
  '尾数 carry /10⁴ 分',
  '售后中 pending',
  '可用 available',
]

/** A line per compound, and the sum. Amounts are yuan; the exact 2 % has all its digits. */
export function summaryTable({ orders, funds }: Evidence, { folds }: Checked): string {
  const rows = funds.map(({ compound }) => {
    const fold = folds.get(compound.compoundId)
    if (fold === undefined) throw new Error(`no ledger of ${compound.compoundId}`)
    const exact = [...fold.donors.values()].reduce((sum, donor) => sum + donor.accruedE4, 0n)
    return {
      name: compound.name,
      orders: orders.filter((order) => order.compoundId === compound.compoundId && endsPaid[order.story]).length,
      exact,
      carry: carryOf(fold),
      pending: fold.balances.get('pending') ?? 0,
      available: fold.balances.get('available') ?? 0,
      ...fold,
    }
  })
  type Row = (typeof rows)[number]
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0)
  return tableOf([
    HEADING,
    ...rows.map((row) => [
      row.name,
      String(row.orders),
      yuanText(row.salesFen),
      yuanText(row.reversedFen),
      exactYuanText(row.exact),
      yuanText(row.postedFen),
      String(row.carry),
      yuanText(row.pending),
      yuanText(row.available),
    ]),
    [
      '合计 total',
      String(total((row) => row.orders)),
      yuanText(total((row) => row.salesFen)),
      yuanText(total((row) => row.reversedFen)),
      exactYuanText(rows.reduce((sum, row) => sum + row.exact, 0n)),
      yuanText(total((row) => row.postedFen)),
      String(total((row) => row.carry)),
      yuanText(total((row) => row.pending)),
      yuanText(total((row) => row.available)),
    ],
  ])
}

export type DemoLine = {
  readonly orders: number
  readonly compounds: number
  readonly salesFen: number
  readonly reversedFen: number
  readonly postedFen: number
  readonly carry: number
  readonly fundLagMsP50: number
  readonly fundLagMsP99: number
  readonly oversold: number
  readonly ok: boolean
}

export function demoLine(evidence: Evidence, checked: Checked, lags: readonly number[]): DemoLine {
  const folds = [...checked.folds.values()]
  const sum = (of: (fold: (typeof folds)[number]) => number) => folds.reduce((total, fold) => total + of(fold), 0)
  return {
    orders: evidence.orders.filter((order) => endsPaid[order.story]).length,
    compounds: evidence.funds.length,
    salesFen: sum((fold) => fold.salesFen),
    reversedFen: sum((fold) => fold.reversedFen),
    postedFen: sum((fold) => fold.postedFen),
    carry: sum(carryOf),
    fundLagMsP50: percentile(lags, 50),
    fundLagMsP99: percentile(lags, 99),
    oversold: oversoldOf(evidence),
    ok: checked.findings.length === 0,
  }
}
