import { listCashTills } from '#shared/contracts/cash.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

const PAGE = 50

/** For administrators: every desk, to see which holds cash that should long be in the bank. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('after') ?? undefined
  const answer = await api(listCashTills, { query: { limit: PAGE, cursor } }, { token })
  const { items, nextCursor } = dataOrError(answer, event)
  return { tills: items, next: nextCursor, isLater: cursor !== undefined, now: Date.now() }
}
