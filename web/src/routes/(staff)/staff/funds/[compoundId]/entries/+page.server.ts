import { fundEntriesOf } from '#web/lib/server/fund-entries.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  found: await fundEntriesOf(event, await neededToken(event)),
  now: Date.now(),
})
