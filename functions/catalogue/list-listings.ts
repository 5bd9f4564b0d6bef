import { listListings as route } from '#shared/contracts/catalogue.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfListings } from './store.ts'

export const listListings = http(route, async ({ params: { coopId }, query }, { caller }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  return pageOfListings(coopId, query.limit ?? PAGE_MAX, query.cursor)
})
