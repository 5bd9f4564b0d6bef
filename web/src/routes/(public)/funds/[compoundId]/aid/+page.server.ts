import { listAidSlips } from '#shared/contracts/aid.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

/** For everybody: how to ask, and what was approved, in sums alone. */
export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, listed] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    publicRead(listAidSlips, { query: { compoundId, cursor } }),
  ])
  const here = dataOrError(compound, event)
  // Those who work on projects turn a slip into one.
  const held = (await event.locals.visitor.me())?.memberships ?? []
  const mayPay = held.some(
    ({ role, scopeId }) => (role === 'worker' || role === 'committee') && scopeId === here.communityId,
  )
  return { compound: here, mayPay, ...dataOrError(listed, event) }
}
