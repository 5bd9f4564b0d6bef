import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { fundStatementSchema, type FundStatementView } from '#shared/contracts/fund-statement.ts'
import { csvFile } from '#web/lib/server/csv.ts'
import { fundStatementRows, fundStatementSheets } from '#web/lib/server/sheets/fund-statement-sheet.ts'
import { plainRows } from '#web/lib/server/sheets/plain-rows.ts'
import { readCells } from '#web/lib/server/sheets/read-cells.ts'
import { xlsxBytes } from '#web/lib/server/sheets/xlsx-file.ts'

const places = { pendingFen: 0, availableFen: 0, reservedFen: 0, clawbackFen: 0, dueFen: 0, cashFen: 0, paidFen: 0 }
const inflow = { salesFen: 1_356_250, reversedFen: 9_300, postedFen: 26_939, saleCount: 620 }
const statement: FundStatementView = fundStatementSchema.parse({
  ...{ fundId: 'c-1', compoundName: '香江花园', communityName: '新华社区' },
  ...{ period: '2026-10', fromDay: '2026-10-01', toDay: '2026-10-31', isOver: true, asOfDay: '2026-10-31' },
  ...{ seq: 924, hash: 'a'.repeat(64), outflowFen: 0, inflow },
  ...{ otherFen: 0, byPurpose: [], inKind: [], remittedFen: 0 },
  opening: { ...places, balanceFen: 9_466 },
  closing: { ...places, balanceFen: 36_405, pendingFen: 35_666, availableFen: 739 },
  byVillage: [{ villageId: 'v-1', name: '朱庄村', ...inflow }],
  byCoop: [{ coopId: 'coop-1', name: '=HYPERLINK("http://x")合作社', ...inflow }],
  byChannel: [{ channel: 'group-buy', ...inflow }],
  check: { computedFen: 36_405, keptFen: 36_405, ok: true },
})

describe('the statement of a fund as a table', () => {
  it('has the figures of the page, in yuan, and says what it is', async () => {
    const rows = plainRows(fundStatementRows(statement))
    expect(rows[0]?.[0]).toBe('香江花园慈善基金 2026年10月收支公示表')
    const amount = (name: string) => rows.find(([first]) => first === name)?.[1]
    expect(['期初余额', '加：转入', '减：支出', '期末余额', '售后期内', '可用'].map(amount)).toEqual([
      ...['94.66', '269.39', '0.00', '364.05', '356.66', '7.39'],
    ])
    expect(rows.find(([first]) => first === '朱庄村')).toEqual(['朱庄村', '620', '13562.50', '-93.00', '269.39'])
    expect(rows.some(([first]) => first === '核对')).toBe(true)
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
  })

  it('lists what was paid out by purpose, what came another way, and goods apart from money', () => {
    const spent = {
      ...{ ...statement, outflowFen: 9_000, otherFen: 5_000, remittedFen: 700 },
      byPurpose: [{ purpose: 'facilities', spentFen: 9_000 }],
      inKind: [{ purpose: 'hardship', valueFen: 800 }],
    } as const
    const rows = plainRows(fundStatementRows({ ...spent, byPurpose: [...spent.byPurpose], inKind: [...spent.inKind] }))
    const amount = (name: string) => rows.find(([first]) => first === name)?.[1]
    expect(['减：支出', '加：其他来源和更正', '设施维护', '这段时间划转到慈善组织'].map(amount)).toEqual([
      ...['-90.00', '50.00', '90.00', '7.00'],
    ])
    expect(rows.some(([first]) => first?.includes('实物捐赠（困难群体帮扶），作价 8.00'))).toBe(true)
  })

  it('runs no name as a formula, neither as CSV nor as a workbook', async () => {
    const csv = await csvFile(plainRows(fundStatementRows(statement)), 'x').text()
    const names = (parse(csv, { bom: true }) as string[][]).map(([first]) => first)
    expect(names).toContain('\'=HYPERLINK("http://x")合作社')
    expect(names.filter((name) => /^[=+@-]/.test(name ?? ''))).toEqual([])
    const read = readCells(await xlsxBytes(fundStatementSheets(statement)))
    expect(JSON.stringify(read)).toContain('=HYPERLINK')
  })
})
