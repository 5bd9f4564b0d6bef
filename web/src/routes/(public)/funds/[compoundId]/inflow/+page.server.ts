import { fundInflowOf } from '#web/lib/server/fund-inflow.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({ found: await fundInflowOf(event, undefined) })
