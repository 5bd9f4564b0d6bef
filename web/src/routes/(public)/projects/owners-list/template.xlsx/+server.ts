import { ownersTemplate } from '#web/lib/server/owners-list.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = () => xlsxFile(ownersTemplate(), 'owners-list-template')
