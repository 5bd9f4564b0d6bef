import { listCashTills as route } from '#shared/contracts/cash.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfTills } from './store.ts'

const PAGE = 50

export const listCashTills = http(route, async ({ query }, { now }) =>
  pageOfTills(shanghaiDay(now), query.limit ?? PAGE, query.cursor),
)
