import { cashDayOf } from '#web/lib/server/cash-day.ts'
import { cashSheets } from '#web/lib/server/sheets/cash-sheet.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const day = await cashDayOf(event)
  return xlsxFile(cashSheets(day), `cash-${day.communityId}-${day.day}`)
}
