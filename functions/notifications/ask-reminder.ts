import { askReminder as route } from '#shared/contracts/notifications.ts'
import { canAsk } from '#shared/domain/notifications/reminders.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { householdOf } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { hasReminder, saveReminder } from './reminder-store.ts'
import { knownGroupBuy, reminderView } from './reminder-view.ts'

export const askReminder = http(route, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await knownGroupBuy(groupBuyId)
  const { personId } = caller
  if (!(await hasReminder(groupBuyId, personId))) {
    if (!canAsk(groupBuy, now)) return refused('TOO_LATE_TO_REMIND', '这个团购快截止了，不再提醒')
    const householdId = householdOf(caller)?.scopeId
    assert(householdId !== undefined, 'a resident has a household')
    await saveReminder({ entity: 'reminder', v: 1, groupBuyId, personId, householdId, askedAt: now })
  }
  return reminderView(groupBuy, true, now)
})
