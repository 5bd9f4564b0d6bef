import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const compoundId = compoundCookie.read(event)
  const [search, mine] = await Promise.all([
    searchCompounds(event.url.searchParams),
    compoundId === undefined ? undefined : api(getCompound, { params: { compoundId } }, { token: undefined }),
  ])
  return { search, mine: mine?.ok ? { compoundId: mine.data.compoundId, name: mine.data.name } : undefined }
}
