import { listOpenManualEntries } from '#shared/contracts/fund-manual-entries.ts'
import { api } from '#web/lib/server/api.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

const SHOWN = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [open, search, admins] = await Promise.all([
    api(listOpenManualEntries, { query: { cursor, limit: SHOWN } }, { token }),
    searchCompounds(event.url.searchParams),
    membershipsOf(event, 'admin'),
  ])
  const { items, nextCursor } = dataOrError(open, event)
  return { items, nextCursor, search, isAdmin: admins.length > 0, now: Date.now() }
}
