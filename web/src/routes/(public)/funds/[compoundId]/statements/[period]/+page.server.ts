import { fundStatementOf } from '#web/lib/server/fund-statement.ts'

import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({ statement: await fundStatementOf(event, undefined) })
