import { getCompound } from '#shared/contracts/places.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

/** The same for everybody, so that a browser may keep it: whom it concerns is in the list, which is asked for by itself. */
export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const { name } = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  return { compoundId, name }
}
