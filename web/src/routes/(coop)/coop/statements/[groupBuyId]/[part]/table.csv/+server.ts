import { yuan } from '#shared/kernel/money.ts'
import { csvFile } from '#web/lib/server/csv.ts'
import { statementRows } from '#web/lib/server/sheets/statement-sheet.ts'
import type { SheetCell } from '#web/lib/server/sheets/xlsx-file.ts'
import { statementOf } from '#web/lib/server/statement.ts'
import type { RequestHandler } from './$types'

function textOf(cell: SheetCell): string {
  if (cell === null || typeof cell === 'string') return cell ?? ''
  if ('yuan' in cell) return yuan(cell.yuan)
  if ('kilograms' in cell) return String(cell.kilograms / 1000)
  if ('count' in cell) return String(cell.count)
  return 'head' in cell ? cell.head : cell.strong
}

export const GET: RequestHandler = async (event) => {
  const statement = await statementOf(event)
  const rows = statementRows(statement).map((row) => row.map(textOf))
  const width = Math.max(...rows.map((row) => row.length))
  // A table has as many cells in each row: some programs refuse it otherwise.
  const whole = rows.map((row) => [...row, ...Array<string>(width - row.length).fill('')])
  return csvFile(whole, `statement-${statement.groupBuyId}-${statement.part}`)
}
