import { exportPart } from '#web/lib/server/ledger-export.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => exportPart(event, 'csv', event.params.compoundId, undefined)
