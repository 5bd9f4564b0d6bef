import { getCompound, type CompoundSummary } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import type { PageServerLoad } from './$types'

const pick = ({ compoundId, name, communityId, communityName }: CompoundSummary) => ({
  ...{ compoundId, name, communityId, communityName },
})

export const load: PageServerLoad = async (event) => {
  const compoundId = compoundCookie.read(event)
  const [search, mine] = await Promise.all([
    searchCompounds(event.url.searchParams),
    compoundId === undefined ? undefined : api(getCompound, { params: { compoundId } }, { token: undefined }),
  ])
  const chosen = search.towns
    .flatMap(({ communities }) => communities)
    .find((each) => each.communityId === search.communityId)
  return {
    search,
    mine: mine?.ok ? pick(mine.data) : undefined,
    /** The community whose compounds are listed: its fund is theirs together. */
    community: chosen && { communityId: chosen.communityId, name: chosen.name },
  }
}
