import { settlesAt } from '#shared/domain/settlement/due-at.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { env } from '#functions/platform/env.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { makeStatement } from './make-statement.ts'
import { pageOfDueStatements } from './statement-store.ts'
import { endWatch, getGroupBuy, pageOfShares, pageOfWatchedGroupBuys, settle } from './store.ts'

const GROUP_BUYS_AT_ONCE = 4

/**
 * Each minute: sales whose after-sales window is over are settled, then statements of group buys are made that have none
 * left to settle, or whose money moved since. Late, twice or cut off, the result is the same.
 */
export const handler = scheduleHandler('settlement', async (at, hasTime) => {
  const settled = await settleSales(at, hasTime)
  const stated = await makeStatements(at, hasTime)
  return { ...settled, ...stated, failed: settled.failed + stated.failed }
})

async function settleSales(at: Instant, hasTime: () => boolean) {
  const counts = { settled: 0, ended: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfWatchedGroupBuys(cursor)
    await inParallel(page.items, GROUP_BUYS_AT_ONCE, async (watch) => {
      if (!hasTime()) return
      // One group buy that cannot be settled must not keep the others waiting.
      try {
        const done = await settleGroupBuy(watch.groupBuyId, watch.due === 'settle', at, hasTime)
        counts.settled += done.settled
        counts.ended += done.ended
      } catch (error) {
        counts.failed++
        log('error', 'group buy not settled', {
          groupBuyId: watch.groupBuyId,
          why: error instanceof Error ? error.message : '',
        })
      }
    })
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
}

async function makeStatements(at: Instant, hasTime: () => boolean) {
  const counts = { stated: 0, confirmed: 0, waiting: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfDueStatements(at, cursor)
    for (const { groupBuyId } of page.items) {
      if (!hasTime()) return counts
      try {
        const look = await makeStatement(groupBuyId, at)
        if (look === 'stated' || look === 'confirmed') counts[look]++
        else if (look !== 'same') counts.waiting++
      } catch (error) {
        counts.failed++
        log('error', 'statement not made', { groupBuyId, why: error instanceof Error ? error.message : '' })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return counts
}

async function settleGroupBuy(groupBuyId: string, closed: boolean, at: Instant, hasTime: () => boolean) {
  const nothing = { settled: 0, ended: 0 }
  const afterSalesHours = env('AFTER_SALES_HOURS')
  const groupBuy = await getGroupBuy(groupBuyId)
  if (groupBuy === undefined) return nothing
  const { pickUpEndsAt } = groupBuy
  // No sale of it can be due before the earliest moment there is.
  if (settlesAt({ pickUpEndsAt, recordedAt: groupBuy.opensAt }, afterSalesHours) > at) return nothing
  let settled = 0
  let waiting = 0
  let cursor: string | undefined
  do {
    const page = await pageOfShares(groupBuyId, cursor)
    const due = page.shares.filter(
      ({ order, share }) =>
        order.paidAt !== undefined &&
        // A claim that was filed in time is decided first, however long that takes.
        (share.openClaims ?? 0) === 0 &&
        settlesAt({ pickUpEndsAt, recordedAt: order.paidAt }, afterSalesHours) <= at,
    )
    const settledNow = await settle(due, at)
    settled += settledNow
    // One that moved under our hands is looked at again with the next tick.
    waiting += page.shares.length - settledNow
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  // Goods that are still handed out are still counted: short ones would go back after everything was said and done.
  if (!closed || waiting > 0 || cursor !== undefined || pickUpEndsAt > at) return { settled, ended: 0 }
  await endWatch(groupBuyId, at)
  return { settled, ended: 1 }
}
