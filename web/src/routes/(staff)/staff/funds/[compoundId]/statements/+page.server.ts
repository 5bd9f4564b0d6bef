import { fundPeriodsOf } from '#web/lib/server/fund-statement.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({ found: await fundPeriodsOf(event, await neededToken(event)) })
