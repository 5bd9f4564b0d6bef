import { listCoopGroupBuys } from '#shared/contracts/group-buys.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop, all } = await myCoop(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const answer = await api(
    listCoopGroupBuys,
    { params: { coopId: coop.scopeId }, query: { cursor, limit: 20 } },
    { token },
  )
  const { items, nextCursor } = dataOrError(answer, event)
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    query: all.length > 1 ? `?coop=${coop.scopeId}` : '',
    groupBuys: items,
    nextCursor,
    opened: event.url.searchParams.get('opened'),
    now: Date.now(),
  }
}
