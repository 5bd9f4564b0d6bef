import { getFund } from '#shared/contracts/fund.ts'
import { agreementsOf } from '#web/lib/server/agreements.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const [{ compound, agreements }, fund] = await Promise.all([
    agreementsOf(compoundId, event),
    publicRead(getFund, { params: { compoundId } }),
  ])
  return {
    compoundId,
    compoundName: compound.name,
    agreements,
    withoutAgreement: fund.ok ? fund.data.withoutAgreement : { saleCount: 0, salesFen: 0 },
  }
}
