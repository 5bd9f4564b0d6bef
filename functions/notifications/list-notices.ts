import { listNotices as route } from '#shared/contracts/notifications.ts'
import { http } from '#functions/platform/http.ts'
import { noticeView } from './notice-view.ts'
import { groupBuysOf, pageOfNotices, readOf } from './store.ts'

const PAGE = 20

export const listNotices = http(route, async ({ query }, { caller }) => {
  const { items, ...page } = await pageOfNotices(caller, query.limit ?? PAGE, query.cursor)
  const [read, groupBuys] = await Promise.all([readOf(caller.personId, items), groupBuysOf(items)])
  return { ...page, items: items.map((notice) => noticeView(notice, groupBuys, read.has(notice.noticeId))) }
})
