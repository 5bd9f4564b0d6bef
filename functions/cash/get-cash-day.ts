import { getCashDay as route } from '#shared/contracts/cash.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { dayView, deskOf } from './store.ts'

export const getCashDay = http(route, async ({ params: { communityId, day }, query }, { caller, now }) => {
  const desk = await deskOf(caller, communityId)
  if (day > shanghaiDay(now)) throw new Invalid({ day: '这一天还没有到' })
  return dayView(desk, day, caller, now, { limit: query.limit ?? PAGE_MAX, cursor: query.cursor })
})
