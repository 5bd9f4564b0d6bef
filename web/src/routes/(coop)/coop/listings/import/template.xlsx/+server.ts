import { listingSheets } from '#web/lib/server/listing-sheet.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = () => xlsxFile(listingSheets([]), 'listings-template')
