import { getReminder as route } from '#shared/contracts/notifications.ts'
import { http } from '#functions/platform/http.ts'
import { hasReminder } from './reminder-store.ts'
import { knownGroupBuy, reminderView } from './reminder-view.ts'

export const getReminder = http(route, async ({ params: { groupBuyId } }, { caller, now }) => {
  const groupBuy = await knownGroupBuy(groupBuyId)
  return reminderView(groupBuy, await hasReminder(groupBuyId, caller.personId), now)
})
