import { listProposals } from '#shared/contracts/governance.ts'
import { askingOf } from '#shared/domain/governance/asking.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { worksHere } from '#web/lib/server/works-here.ts'
import type { PageServerLoad } from './$types'

const SHOWN = 20

/** Everybody sees what a worker has looked at; its author and those who work on it see more. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { compoundId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, listed] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    api(listProposals, { query: { compoundId, cursor, limit: SHOWN } }, { token }),
  ])
  const { items, nextCursor } = dataOrError(listed, event)
  const here = dataOrError(compound, event)
  const mayEmergency = worksHere(await event.locals.visitor.me(), here.communityId)
  return { compound: here, asking: askingOf[here.type], mayEmergency, items, nextCursor, now: Date.now() }
}
