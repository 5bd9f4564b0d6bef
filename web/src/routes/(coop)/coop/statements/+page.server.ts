import { listStatements, listUnstated } from '#shared/contracts/settlement.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop, all } = await myCoop(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const params = { coopId: coop.scopeId }
  const [found, waiting] = await Promise.all([
    api(listStatements, { params, query: { cursor, limit: 20 } }, { token }),
    api(listUnstated, { params, query: {} }, { token }),
  ])
  const { items, nextCursor } = dataOrError(found, event)
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    query: all.length > 1 ? `?coop=${coop.scopeId}` : '',
    statements: items,
    // On the first page only: the others are about the past.
    unstated: cursor === undefined ? dataOrError(waiting, event).items : [],
    nextCursor,
    now: Date.now(),
  }
}
