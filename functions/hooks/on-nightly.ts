import { DELIVERIES_KEPT_DAYS } from '#shared/contracts/hooks.ts'
import { QUESTIONS_KEPT_DAYS } from '#shared/contracts/hooks-checks.ts'
import { deliveryIdFrom } from '#shared/domain/hooks/delivery.ts'
import { DAY_MS, type Instant, plusMs } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import type { HookItem } from '#functions/platform/table/items/hooks.ts'
import { forgetCheck, forgetQuestion, pageOfChecks, questionsBefore } from './check-store.ts'
import { deliveriesBetween, forgetDelivery } from './delivery-store.ts'
import { forgetHook, pageOfAllHooks } from './hook-store.ts'

const HOOKS_A_PAGE = 100
const DELIVERIES_A_PAGE = 100
const WRITES_AT_ONCE = 16

/** Each night: logs that are old enough are forgotten, and subscriptions that ended altogether. What is left comes the next night. */
export const handler = scheduleHandler('hooks-nightly', async (at, hasTime) => {
  const counts = { forgotten: 0, ended: 0, questions: await forgetQuestions(at, hasTime) }
  let cursor: string | undefined
  do {
    const page = await pageOfAllHooks(HOOKS_A_PAGE, cursor)
    for (const hook of page.items) {
      const { forgotten, isEmpty } = await forgetOld(hook, at, hasTime)
      counts.forgotten += forgotten
      if (hook.state !== 'ended' || !isEmpty) continue
      await forgetHook(hook.hookId)
      counts.ended++
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
})

/** What checks were asked long ago, and those that ended. */
async function forgetQuestions(now: Instant, hasTime: () => boolean): Promise<number> {
  let forgotten = 0
  let cursor: string | undefined
  do {
    const page = await pageOfChecks(HOOKS_A_PAGE, cursor, true)
    for (const { checkId, state } of page.items) {
      const isEnded = state === 'ended'
      const before = isEnded ? '~' : plusMs(now, -QUESTIONS_KEPT_DAYS * DAY_MS)
      let old = await questionsBefore(checkId, before, DELIVERIES_A_PAGE)
      while (old.length > 0 && hasTime()) {
        await inParallel(old, WRITES_AT_ONCE, forgetQuestion)
        forgotten += old.length
        old = await questionsBefore(checkId, before, DELIVERIES_A_PAGE)
      }
      if (isEnded && old.length === 0) await forgetCheck(checkId)
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return forgotten
}

async function forgetOld({ hookId, state }: HookItem, now: Instant, hasTime: () => boolean) {
  const isEnded = state === 'ended'
  const to = isEnded ? '~' : deliveryIdFrom(plusMs(now, -DELIVERIES_KEPT_DAYS * DAY_MS))
  let forgotten = 0
  while (hasTime()) {
    const page = await deliveriesBetween(hookId, '0', to, DELIVERIES_A_PAGE)
    // One that was queued again is on its way, however old: it is left for a night after.
    const old = page.items.filter((delivery) => isEnded || delivery.state !== 'due')
    if (old.length === 0) return { forgotten, isEmpty: page.items.length === 0 }
    await inParallel(old, WRITES_AT_ONCE, forgetDelivery)
    forgotten += old.length
  }
  return { forgotten, isEmpty: false }
}
