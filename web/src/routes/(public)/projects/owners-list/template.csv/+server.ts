import { ownersHeader } from '#shared/domain/governance/owners-sheet.ts'
import { csvFile } from '#web/lib/server/csv.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = () => csvFile([ownersHeader], 'owners-list-template')
