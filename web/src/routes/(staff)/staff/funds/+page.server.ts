import { error } from '@sveltejs/kit'
import { getCommunityFund } from '#shared/contracts/fund-communities.ts'
import { api } from '#web/lib/server/api.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { dataOrError, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

/** A worker sees the funds of their communities; an administrator those of the one that is chosen. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [workers, admins] = await Promise.all([membershipsOf(event, 'worker'), membershipsOf(event, 'admin')])
  const search = admins.length > 0 ? await searchCompounds(event.url.searchParams) : undefined
  const asked = event.url.searchParams.get('community') ?? undefined
  const wanted = asked === undefined ? workers.map(({ scopeId }) => scopeId) : [asked]
  const funds = await Promise.all(
    wanted.map(async (communityId) => {
      const fund = dataOrError(await api(getCommunityFund, { params: { communityId } }, { token }), event)
      // What everybody may see has a page of its own; here somebody would take it for live.
      if (fund.view === 'live') return fund
      error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
    }),
  )
  return { funds, search, isStaff: workers.length > 0 || admins.length > 0 }
}
