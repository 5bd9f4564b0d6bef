import { sortingSheetOf } from '#web/lib/server/sorting-sheet.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({
  sheet: await sortingSheetOf(event),
  single: event.url.searchParams.get('size') === 'single',
})
