import { listMatters, listMyMatters } from '#shared/contracts/matters.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { PageServerLoad, RequestEvent } from './$types'

/** So many at first; all of one kind on a page of its own. */
const SHORT = 5
const SHOWN = 20

/** One's own matters, and what is going on where one lives; a visitor chooses a compound first. */
export const load: PageServerLoad = async (event) => {
  const [home] = await membershipsOf(event, 'resident')
  const query = event.url.searchParams
  const compoundId = home?.compoundId ?? compoundCookie.read(event)
  const isSearch = compoundId === undefined || query.has('q') || query.has('community') || query.has('other')
  const found = compoundId === undefined ? undefined : await publicRead(getCompound, { params: { compoundId } })
  const compound = found?.ok ? { compoundId: found.data.compoundId, name: found.data.name } : undefined
  const [mine, here, search] = await Promise.all([
    home === undefined ? undefined : mineOf(event),
    compound === undefined
      ? undefined
      : publicRead(listMatters, { query: { compoundId: compound.compoundId, limit: SHORT } }),
    isSearch || compound === undefined ? searchCompounds(query) : undefined,
  ])
  const now = Date.now()
  const shown = here && dataOrError(here, event).items
  const all = [...(shown ?? []), ...(mine?.lists ?? []).flatMap(({ items }) => items)]
  return { compound, mine, here: shown, search, late: lateDaysOf(all, now), now }
}

async function mineOf(event: RequestEvent) {
  const token = await event.locals.visitor.token()
  const query = event.url.searchParams
  const which = (['raised', 'followed'] as const).find((each) => each === query.get('which'))
  const cursor = query.get('cursor') ?? undefined
  const listOf = async (each: 'raised' | 'followed') => {
    const asked = which === undefined ? { limit: SHORT } : { limit: SHOWN, cursor }
    return dataOrError(await api(listMyMatters, { query: { which: each, ...asked } }, { token }), event)
  }
  const lists = await Promise.all(
    (which === undefined ? (['raised', 'followed'] as const) : [which]).map(async (each) => ({
      ...{ which: each, ...(await listOf(each)) },
    })),
  )
  return { which, lists }
}
