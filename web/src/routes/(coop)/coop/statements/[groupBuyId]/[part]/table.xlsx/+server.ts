import { statementSheets } from '#web/lib/server/sheets/statement-sheet.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import { statementOf } from '#web/lib/server/statement.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const statement = await statementOf(event)
  return xlsxFile(statementSheets(statement), `statement-${statement.groupBuyId}-${statement.part}`)
}
