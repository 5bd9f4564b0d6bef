import { fundStatementOf } from '#web/lib/server/fund-statement.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  statement: await fundStatementOf(event, await neededToken(event)),
})
