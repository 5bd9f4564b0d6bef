import { say } from '../../text/lang.ts'
import { fundStatementWords } from '../../text/fund-statement.ts'
import type { FundStatementShown } from '../../funds/statement.ts'
import type { SheetCell, SheetMade } from './xlsx-file.ts'

const t = say(fundStatementWords, 'zh')
type Sums = FundStatementShown['inflow']

/** The statement of a fund as a table of plain cells: the figures of the page, for the spreadsheet and the CSV alike. */
export function fundStatementRows(statement: FundStatementShown): SheetCell[][] {
  const { opening, closing, inflow, outflowFen, check } = statement
  const money = (name: SheetCell, fen: number): SheetCell[] => [name, { yuan: fen }]
  const sums = (name: SheetCell, { saleCount, salesFen, reversedFen, postedFen }: Sums): SheetCell[] => [
    ...[name, { count: saleCount }, { yuan: salesFen }, { yuan: 0 - reversedFen }, { yuan: postedFen }],
  ]
  const table = (title: string, rows: readonly SheetCell[][]): SheetCell[][] => [
    [],
    [title, '笔数', '货款（元）', '退款（元）', '转入（元）'].map((head) => ({ head })),
    ...rows,
    sums({ strong: t.total }, inflow),
  ]
  return [
    [{ strong: t.heading(statement.compoundName, statement.period) }],
    ['社区', statement.communityName],
    ['期间', t.span(statement.fromDay, statement.toDay)],
    ...(statement.isOver ? [] : [['说明', t.upToNow(statement.asOfDay)]]),
    ['捐赠人', t.donor],
    [],
    ['项目', '金额（元）'].map((head) => ({ head })),
    money(t.opening, opening.balanceFen),
    money(t.inflow, inflow.postedFen),
    ...(statement.otherFen === 0 ? [] : [money(t.other, statement.otherFen)]),
    money(t.outflow, 0 - outflowFen),
    money({ strong: t.closing }, closing.balanceFen),
    [t.checkTitle, check.ok ? '相符' : '不符', { yuan: check.computedFen }, { yuan: check.keptFen }],
    ...table(
      t.byVillage,
      statement.byVillage.map((row) => sums(row.name, row)),
    ),
    ...table(
      t.byCoop,
      statement.byCoop.map((row) => sums(row.name, row)),
    ),
    ...table(
      t.byChannel,
      statement.byChannel.map((row) => sums(t[`channel_${row.channel}`], row)),
    ),
    [],
    ...(statement.byPurpose.length === 0
      ? [[t.outTitle, t.outNone]]
      : [
          [t.outTitle, '金额（元）'].map((head) => ({ head })),
          ...statement.byPurpose.map(({ purpose, spentFen }) => money(t[`purpose_${purpose}`], spentFen)),
        ]),
    ...statement.inKind.map(({ purpose, valueFen }) => [
      t.inKind(t[`purpose_${purpose}`], (valueFen / 100).toFixed(2)),
    ]),
    [],
    [t.whereTitle, '金额（元）'].map((head) => ({ head })),
    money(t.pending, closing.pendingFen),
    money(t.available, closing.availableFen),
    money(t.reserved, closing.reservedFen),
    money(t.clawback, 0 - closing.clawbackFen),
    money(t.due, closing.dueFen),
    money(t.cash, closing.cashFen),
    money(t.remitted, statement.remittedFen),
    [],
    ['账本指纹', statement.hash, `第 ${statement.seq} 条`],
  ]
}

export function fundStatementSheets(statement: FundStatementShown): SheetMade[] {
  return [{ name: t.title, rows: fundStatementRows(statement), widths: [30, 16, 14, 14, 14] }]
}

export const fundStatementFile = ({ fundId, period }: FundStatementShown) => `fund-${fundId}-${period.toLowerCase()}`
