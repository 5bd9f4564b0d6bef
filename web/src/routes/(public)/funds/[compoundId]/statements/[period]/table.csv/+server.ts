import { csvFile } from '#web/lib/server/csv.ts'
import { fundStatementOf } from '#web/lib/server/fund-statement.ts'

import { fundStatementFile, fundStatementRows } from '#web/lib/server/sheets/fund-statement-sheet.ts'
import { plainRows } from '#web/lib/server/sheets/plain-rows.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const statement = await fundStatementOf(event, undefined)
  return csvFile(plainRows(fundStatementRows(statement)), fundStatementFile(statement))
}
