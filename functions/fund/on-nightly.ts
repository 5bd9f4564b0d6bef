import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { loadBookmark, saveBookmark } from './bookmark.ts'
import { postOpenRemittance } from './post-remittance.ts'
import { publishRoots } from './publish-roots.ts'
import { reconcileFund } from './reconcile-fund.ts'
import { compoundPages, loadCheck } from './store.ts'

/**
 * Reconciles every fund once a Shanghai day, and begins each time behind the fund that the last run began with last: when a
 * night is too short for all, or one fund takes all of it, the others still have their turn. Each fund's own check says
 * whether it was done today. One fund that breaks holds up no other.
 */
export async function reconcileAll(now: Instant, hasTime: () => boolean) {
  const counts = { funds: 0, posted: 0, notOk: 0, unfinished: 0, broken: 0 }
  for (const fundId of await inTurn()) {
    if (!hasTime()) return counts
    try {
      const check = await loadCheck(fundId)
      if (check?.checkedAt !== undefined && shanghaiDay(check.checkedAt) >= shanghaiDay(now)) continue
      // Before and not after it: a fund that gets the run cut off must not get the next one cut off too.
      await saveBookmark(fundId, now)
      const { done, ok, posted, problems } = await reconcileFund(fundId, now, { whole: false, hasTime })
      counts[done ? 'funds' : 'unfinished'] += 1
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
  return counts
}

/** What broke here holds up no fund. */
async function finishRemittance(now: Instant, hasTime: () => boolean): Promise<void> {
  try {
    await postOpenRemittance(now, hasTime)
  } catch (error) {
    log('error', 'posting a remittance broke', { error: error instanceof Error ? error.name : 'unknown' })
  }
}

async function inTurn(): Promise<string[]> {
  const fundIds: string[] = []
  for await (const page of compoundPages()) fundIds.push(...page)
  const next = fundIds.indexOf((await loadBookmark()) ?? '') + 1
  return [...fundIds.slice(next), ...fundIds.slice(0, next)]
}

/**
 * The roots come first: they are quick, and people wait for them; then the remittance that waits to be posted. A night in
 * which one of them fails still reconciles.
 */
export async function eachNight(now: Instant, hasTime: () => boolean) {
  let roots = 0
  let rootsBroken = 0
  try {
    roots = await publishRoots(now, hasTime)
  } catch (error) {
    rootsBroken = 1
    log('error', 'publishing roots broke', { error: error instanceof Error ? error.name : 'unknown' })
  }
  await finishRemittance(now, hasTime)
  return { roots, rootsBroken, ...(await reconcileAll(now, hasTime)) }
}

export const handler = scheduleHandler('fund-nightly', eachNight)
