import { readNotice as route } from '#shared/contracts/notifications.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { noticeView } from './notice-view.ts'
import { findNotice, groupBuysOf, markRead } from './store.ts'

export const readNotice = http(route, async ({ params: { noticeId } }, { caller }) => {
  const notice = await findNotice(caller, noticeId)
  if (notice === undefined) throw new Missing()
  await markRead(caller.personId, [noticeId])
  return noticeView(notice, await groupBuysOf([notice]), true)
})
