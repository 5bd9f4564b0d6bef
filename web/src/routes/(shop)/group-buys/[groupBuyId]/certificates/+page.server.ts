import { listCertificates } from '#shared/contracts/deliveries.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

/** For everybody, signed in or not: it is what would hang beside the goods. */
export const load: PageServerLoad = async (event) => {
  const { groupBuyId } = event.params
  const found = await api(listCertificates, { params: { groupBuyId } }, { token: undefined })
  return { groupBuyId, ...dataOrError(found, event) }
}
