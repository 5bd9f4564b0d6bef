import { sortingSheetOf } from '#web/lib/server/sorting-sheet.ts'
import { sortingSheets } from '#web/lib/server/sheets/sorting-sheets.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const sheet = await sortingSheetOf(event)
  const name = `sorting-sheet-${sheet.compoundId}-${sheet.groupBuyId}${sheet.final ? '' : '-not-final'}`
  return xlsxFile(sortingSheets(sheet), name)
}
