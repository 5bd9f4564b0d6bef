import { sortingSheetOf } from '#web/lib/server/sorting-sheet.ts'
import type { PageServerLoad } from './$types'

const viewOf = (by: string | null) => (by === 'product' || by === 'door' ? by : ('household' as const))

export const load: PageServerLoad = async (event) => ({
  sheet: await sortingSheetOf(event),
  by: viewOf(event.url.searchParams.get('by')),
})
