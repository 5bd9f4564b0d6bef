import { csvFile } from '#web/lib/server/csv.ts'
import { hotlineHeader } from '#web/lib/server/hotline-sheet.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = () => csvFile([hotlineHeader], 'hotline-template')
