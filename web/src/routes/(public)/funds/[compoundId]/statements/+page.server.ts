import { fundPeriodsOf } from '#web/lib/server/fund-statement.ts'

import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({ found: await fundPeriodsOf(event, undefined) })
