import {
  exportRanking as exportRoute,
  getRanking as getRoute,
  listRankings as listRoute,
  listRankingsOfBody as ofBodyRoute,
} from '#shared/contracts/rankings.ts'
import { sightOf } from '#shared/domain/rankings/persons.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { communityItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { loadRanking, pageOfBody, pageOfCommunity } from './ranking-store.ts'
import { exportText, rankingPersonOf, rankingSummary, rankingView } from './ranking-view.ts'

const PAGE = 20

export const getRanking = openHttp(getRoute, async ({ params: { rankingId } }, { caller, now }) => {
  const { loaded, person } = await found(rankingId, caller)
  const view = rankingView(loaded, person, now)
  if (view === undefined) throw new Missing()
  return view
})

export const exportRanking = openHttp(exportRoute, async ({ params: { rankingId } }, { caller }) => {
  const { loaded, person } = await found(rankingId, caller)
  // The file is of all rows: who sees only their own waits for it with everybody else.
  if (sightOf(loaded.ranking, person) !== 'all') throw new Missing()
  return exportText(loaded)
})

async function found(rankingId: string, caller: Caller | undefined) {
  const loaded = await loadRanking(rankingId)
  if (loaded === undefined) throw new Missing()
  return { loaded, person: caller && rankingPersonOf(caller, loaded.item.communityId) }
}

export const listRankings = openHttp(listRoute, async ({ query: { communityId, limit, cursor } }, { caller }) => {
  const community = await get(communityItem, keys.place('community', communityId))
  if (community === undefined) throw new Missing()
  const person = caller && rankingPersonOf(caller, communityId)
  const oversees = person !== undefined && (person.isAdmin || person.isWorker || person.isSupervisor)
  const page = await pageOfCommunity(communityId, { limit: limit ?? PAGE, cursor })
  const items = page.items.flatMap((item) => {
    const isOn = person !== undefined && item.bodyIds.some((bodyId) => person.bodyIds.includes(bodyId))
    if (item.state === 'preview' && !oversees && !isOn) return []
    return [rankingSummary(item, item.state !== 'preview' || (oversees && !isOn))]
  })
  return { ...page, items, communityName: community.name }
})

export const listRankingsOfBody = http(ofBodyRoute, async ({ query: { bodyId, limit, cursor } }, { caller }) => {
  if (!hasRole(caller, 'body', bodyId)) throw new Forbidden()
  const page = await pageOfBody(bodyId, { limit: limit ?? PAGE, cursor })
  return { ...page, items: page.items.map((item) => rankingSummary(item, item.state !== 'preview')) }
})
