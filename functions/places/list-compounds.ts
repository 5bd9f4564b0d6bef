import { listCompounds as route } from '#shared/contracts/places.ts'
import { openHttp } from '#functions/platform/http.ts'
import { pageOf } from './page-of.ts'
import { listCompounds as loadCompounds } from './store.ts'
import { compoundView } from './views.ts'

const comparable = (text: string) => text.normalize('NFKC').toLowerCase()

export const listCompounds = openHttp(route, async ({ query }, { now }) => {
  const wanted = comparable(query.q ?? '')
  const found = (await loadCompounds(now)).filter(
    (compound) =>
      (query.communityId === undefined || compound.communityId === query.communityId) &&
      (wanted === '' ||
        [compound.name, compound.communityName, compound.townName].some((name) => comparable(name).includes(wanted))),
  )
  const page = pageOf(found, (compound) => compound.compoundId, query)
  return { ...page, items: page.items.map(compoundView) }
})
