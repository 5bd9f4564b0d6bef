import { listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { gridsOfWorker, narrowedTo, unpostedOf } from '#web/lib/server/grids.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

/** A worker sees the compounds of their communities; an administrator finds any. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [workers, admins] = await Promise.all([membershipsOf(event, 'worker'), membershipsOf(event, 'admin')])
  const mine = await gridsOfWorker(event, token)
  const communities = await Promise.all(
    workers.map(async ({ scopeId, scopeName }) => {
      const query = { communityId: scopeId, limit: PAGE_MAX }
      const { items } = dataOrError(await api(listCompounds, { query }, { token: undefined }), event)
      const unposted = await unpostedOf(scopeId)
      const narrowed = narrowedTo(event, scopeId, mine)
      return {
        ...{ communityId: scopeId, name: scopeName, unposted, grids: narrowed.grids, isWhole: narrowed.isWhole },
        compounds: items.filter(({ compoundId }) => narrowed.shows(compoundId)),
      }
    }),
  )
  return { communities, search: admins.length > 0 ? await searchCompounds(event.url.searchParams) : undefined }
}
