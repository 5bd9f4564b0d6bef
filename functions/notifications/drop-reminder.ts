import { dropReminder as route } from '#shared/contracts/notifications.ts'
import { http } from '#functions/platform/http.ts'
import { dropReminderOf } from './reminder-store.ts'
import { knownGroupBuy, reminderView } from './reminder-view.ts'

export const dropReminder = http(route, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await knownGroupBuy(groupBuyId)
  await dropReminderOf(groupBuyId, caller.personId)
  return reminderView(groupBuy, false, now)
})
