import { canAsk, closingReminderAt } from '#shared/domain/notifications/reminders.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { getGroupBuy } from './reminder-store.ts'

export async function knownGroupBuy(groupBuyId: string): Promise<GroupBuyItem> {
  const groupBuy = await getGroupBuy(groupBuyId)
  if (groupBuy === undefined) throw new Missing()
  return groupBuy
}

export function reminderView(groupBuy: GroupBuyItem, isAsked: boolean, now: Instant) {
  const state = isAsked ? ('asked' as const) : canAsk(groupBuy, now) ? ('open' as const) : ('late' as const)
  return { state, remindsAt: closingReminderAt(groupBuy) }
}
