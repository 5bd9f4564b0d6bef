import { csvFile } from '#web/lib/server/csv.ts'
import { plainRows } from '#web/lib/server/sheets/plain-rows.ts'
import { statementRows } from '#web/lib/server/sheets/statement-sheet.ts'
import { statementOf } from '#web/lib/server/statement.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const statement = await statementOf(event)
  return csvFile(plainRows(statementRows(statement)), `statement-${statement.groupBuyId}-${statement.part}`)
}
