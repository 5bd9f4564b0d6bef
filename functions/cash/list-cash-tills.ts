import { listCashTills as route } from '#shared/contracts/cash.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfTills } from './store.ts'

const PAGE = 50

export const listCashTills = http(route, async ({ query }) => pageOfTills(query.limit ?? PAGE, query.cursor))
