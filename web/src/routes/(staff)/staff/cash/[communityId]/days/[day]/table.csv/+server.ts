import { cashDayOf } from '#web/lib/server/cash-day.ts'
import { csvFile } from '#web/lib/server/csv.ts'
import { cashRows } from '#web/lib/server/sheets/cash-sheet.ts'
import { plainRows } from '#web/lib/server/sheets/plain-rows.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const day = await cashDayOf(event)
  return csvFile(plainRows(cashRows(day)), `cash-${day.communityId}-${day.day}`)
}
