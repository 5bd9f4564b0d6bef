import { cashDayOf } from '#web/lib/server/cash-day.ts'
import { dayOf } from '#web/lib/format/time.ts'
import type { PageServerLoad } from './$types'

/** So many hundred lines on one page: what does not fit is a link away, and whole in the files. */
const PAGES = 5

export const load: PageServerLoad = async (event) => {
  const after = event.url.searchParams.get('after') ?? undefined
  const now = Date.now()
  return { day: await cashDayOf(event, { pages: PAGES, after }), isLater: after !== undefined, today: dayOf(now), now }
}
