import { countUnreadNotices as route, UNREAD_COUNTED_MAX } from '#shared/contracts/notifications.ts'
import { unreadOf } from '#shared/domain/notifications/inbox.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfNotices, readOf } from './store.ts'

export const countUnreadNotices = http(route, async (_input, { caller, now }) => {
  const { items } = await pageOfNotices(caller, UNREAD_COUNTED_MAX, undefined)
  return { unread: unreadOf(items, await readOf(caller.personId, items), now).length }
})
