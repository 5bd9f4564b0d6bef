import { agreementOf } from '#web/lib/server/agreements.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { compoundId, villageId, version } = event.params
  const { compound, found } = await agreementOf(compoundId, villageId, version, event)
  return { compoundId, compoundName: compound.name, found }
}
