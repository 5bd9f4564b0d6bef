import { exportPart } from '#web/lib/server/ledger-export.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { RequestHandler } from './$types'

/** The worker's own export is live: it ends with the last entry, not with the last closed day. */
export const GET: RequestHandler = async (event) =>
  exportPart(event, 'csv', event.params.compoundId, await neededToken(event))
