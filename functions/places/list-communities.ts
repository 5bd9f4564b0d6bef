import { listCommunities as route } from '#shared/contracts/places.ts'
import { openHttp } from '#functions/platform/http.ts'
import { pageOf } from './page-of.ts'
import { listCommunities as loadCommunities } from './store.ts'

export const listCommunities = openHttp(route, async ({ query }, { now }) => {
  const page = pageOf(await loadCommunities(now), (community) => community.communityId, query)
  const items = page.items.map(({ communityId, name, townId, townName }) => ({ communityId, name, townId, townName }))
  return { ...page, items }
})
