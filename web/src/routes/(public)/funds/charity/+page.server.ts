import { getCharityFund } from '#shared/contracts/fund-charity.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  fund: dataOrError(await publicRead(getCharityFund, {}), event),
})
