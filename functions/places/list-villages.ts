import { listVillages as route } from '#shared/contracts/places.ts'
import { openHttp } from '#functions/platform/http.ts'
import { pageOf } from './page-of.ts'
import { listVillages as loadVillages } from './store.ts'

export const listVillages = openHttp(route, async ({ query }, { now }) => {
  const page = pageOf(await loadVillages(now), (village) => village.villageId, query)
  const items = page.items.map(({ villageId, name, townId, townName }) => ({ villageId, name, townId, townName }))
  return { ...page, items }
})
