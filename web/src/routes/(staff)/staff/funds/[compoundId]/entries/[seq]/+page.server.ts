import { fundEntryOf } from '#web/lib/server/fund-entries.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  found: await fundEntryOf(event, await neededToken(event)),
  now: Date.now(),
})
