import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { getHealth as route } from '#shared/contracts/system.ts'
import { Busy } from '#functions/platform/busy.ts'
import { openHttp } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'

/** A check that hangs is a check that failed. */
const ANSWERS_WITHIN_MS = 2_000
const anything = z.object({})

/** Ready to take orders: both tables answer a consistent read, soon. Else 503. */
export const getHealth = openHttp(route, async (_input, { requestId }) => {
  const late = new AbortController()
  try {
    const tables = Promise.all([
      get(anything, keys.health, { table: 'MARKET_TABLE' }),
      get(anything, keys.health, { table: 'LEDGER_TABLE' }),
    ])
    const answered = await Promise.race([
      tables.then(() => true),
      sleep(ANSWERS_WITHIN_MS, false, { signal: late.signal }),
    ])
    if (!answered) throw new Busy()
  } catch (error) {
    log('warn', 'not ready', { requestId, why: error instanceof Error ? error.name : 'unknown' })
    throw new Busy()
  } finally {
    late.abort()
  }
  return { status: 'ok' as const }
})
