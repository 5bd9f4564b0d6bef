import { fundStatementOf } from '#web/lib/server/fund-statement.ts'

import { fundStatementFile, fundStatementSheets } from '#web/lib/server/sheets/fund-statement-sheet.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const statement = await fundStatementOf(event, undefined)
  return xlsxFile(fundStatementSheets(statement), fundStatementFile(statement))
}
