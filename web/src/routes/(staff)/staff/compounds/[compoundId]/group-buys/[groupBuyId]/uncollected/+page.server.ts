import { listUncollected } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const [uncollected, compound] = await Promise.all([
    api(listUncollected, { params: { compoundId, groupBuyId } }, { token }),
    publicRead(getCompound, { params: { compoundId } }),
  ])
  return {
    compoundId,
    name: dataOrError(compound, event).name,
    ...dataOrError(uncollected, event),
    now: Date.now(),
  }
}
