import { readAllNotices as route, UNREAD_COUNTED_MAX } from '#shared/contracts/notifications.ts'
import { unreadOf } from '#shared/domain/notifications/inbox.ts'
import { http } from '#functions/platform/http.ts'
import { markRead, pageOfNotices, readOf } from './store.ts'

export const readAllNotices = http(route, async (_input, { caller, now }) => {
  const { items } = await pageOfNotices(caller, UNREAD_COUNTED_MAX, undefined)
  const unread = unreadOf(items, await readOf(caller.personId, items), now)
  await markRead(
    caller.personId,
    unread.map(({ noticeId }) => noticeId),
  )
  return { read: unread.length }
})
