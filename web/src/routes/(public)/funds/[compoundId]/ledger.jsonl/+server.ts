import { exportPart } from '#web/lib/server/ledger-export.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = (event) => exportPart(event, 'jsonl', event.params.compoundId, undefined)
