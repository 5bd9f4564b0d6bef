import {
  askReminder as askRoute,
  dropReminder as dropRoute,
  getReminder as getRoute,
} from '#shared/contracts/notifications.ts'
import { canAsk, closingReminderAt } from '#shared/domain/notifications/reminders.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { householdOf } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { dropReminderOf, getGroupBuy, hasReminder, saveReminder } from './reminder-store.ts'

export const getReminder = http(getRoute, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await known(groupBuyId)
  return answer(groupBuy, await hasReminder(groupBuyId, caller.personId), now)
})

export const askReminder = http(askRoute, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await known(groupBuyId)
  const { personId } = caller
  if (!(await hasReminder(groupBuyId, personId))) {
    if (!canAsk(groupBuy, now)) return refused('TOO_LATE_TO_REMIND', '这个团购快截止了，不再提醒')
    const householdId = householdOf(caller)?.scopeId
    assert(householdId !== undefined, 'a resident has a household')
    await saveReminder({ entity: 'reminder', v: 1, groupBuyId, personId, householdId, askedAt: now })
  }
  return answer(groupBuy, true, now)
})

export const dropReminder = http(dropRoute, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await known(groupBuyId)
  await dropReminderOf(groupBuyId, caller.personId)
  return answer(groupBuy, false, now)
})

async function known(groupBuyId: string): Promise<GroupBuyItem> {
  const groupBuy = await getGroupBuy(groupBuyId)
  if (groupBuy === undefined) throw new Missing()
  return groupBuy
}

function answer(groupBuy: GroupBuyItem, isAsked: boolean, now: string) {
  const state = isAsked ? ('asked' as const) : canAsk(groupBuy, now) ? ('open' as const) : ('late' as const)
  return { state, remindsAt: closingReminderAt(groupBuy) }
}
