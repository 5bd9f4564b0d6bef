import { fundEntryOf } from '#web/lib/server/fund-entries.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  found: await fundEntryOf(event, undefined),
  now: Date.now(),
})
