import { LISTINGS_PER_COOP_MAX, listListings } from '#shared/contracts/catalogue.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api, type Answer } from './api.ts'

type Page = Answer<typeof listListings>

/** All listings of a co-op (there is a cap), page by page. */
export async function allListings(coopId: string, token: string): Promise<Page> {
  const items: Extract<Page, { ok: true }>['data']['items'] = []
  let cursor: string | undefined
  for (let turn = 0; turn < LISTINGS_PER_COOP_MAX / PAGE_MAX + 1; turn += 1) {
    const answer = await api(listListings, { params: { coopId }, query: { limit: PAGE_MAX, cursor } }, { token })
    if (!answer.ok) return answer
    items.push(...answer.data.items)
    cursor = answer.data.nextCursor
    if (cursor === undefined) break
  }
  return { ok: true, data: { items }, etag: undefined }
}
