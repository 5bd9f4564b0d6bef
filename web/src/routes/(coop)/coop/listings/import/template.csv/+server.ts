import { csvFile } from '#web/lib/server/csv.ts'
import { templateHeader } from '#web/lib/server/listing-sheet.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = () => csvFile([templateHeader], 'listings-template')
