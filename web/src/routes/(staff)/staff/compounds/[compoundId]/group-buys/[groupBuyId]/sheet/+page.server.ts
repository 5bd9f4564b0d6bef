import { sortingSheetOf } from '#web/lib/server/sorting-sheet.ts'
import type { PageServerLoad } from './$types'

type View = 'household' | 'product' | 'door'
const viewOf = (by: string | null): View => (by === 'product' || by === 'door' ? by : 'household')

export const load: PageServerLoad = async (event) => ({
  sheet: await sortingSheetOf(event),
  by: viewOf(event.url.searchParams.get('by')),
})
