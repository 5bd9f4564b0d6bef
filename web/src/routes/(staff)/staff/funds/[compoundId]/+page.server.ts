import { loadFundPage } from '#web/lib/server/fund-page.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const answer = await loadFundPage(event.params.compoundId, token, { cursor, limit: 20 })
  return {
    page: dataOrError(answer, event),
    etag: answer.ok ? answer.etag : undefined,
    isFirst: cursor === undefined,
    now: Date.now(),
  }
}
