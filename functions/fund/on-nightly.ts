import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { reconcileFund } from './reconcile-fund.ts'
import { compoundPages, loadCheck } from './store.ts'

/**
 * Reconciles every fund once a Shanghai day. A run that is cut off leaves the rest to the next one: each fund's own
 * bookmark says whether it was done today. One fund that breaks holds up no other.
 */
export async function reconcileAll(now: Instant, hasTime: () => boolean) {
  const counts = { funds: 0, posted: 0, notOk: 0, broken: 0 }
  for await (const fundIds of compoundPages()) {
    for (const fundId of fundIds) {
      if (!hasTime()) return counts
      try {
        const check = await loadCheck(fundId)
        if (check?.checkedAt !== undefined && shanghaiDay(check.checkedAt) >= shanghaiDay(now)) continue
        const { ok, posted, problems } = await reconcileFund(fundId, now, { whole: false, hasTime })
        counts.funds += 1
        counts.posted += posted
        if (posted > 0) log('warn', 'sweep posted what the stream had not', { fundId, posted })
        if (ok) continue
        counts.notOk += 1
        for (const { invariant, what } of problems) log('error', 'fund is not in order', { fundId, invariant, what })
      } catch (error) {
        counts.broken += 1
        log('error', 'reconcile broke', { fundId, error: error instanceof Error ? error.name : 'unknown' })
      }
    }
  }
  return counts
}

export const handler = scheduleHandler('fund-nightly', reconcileAll)
