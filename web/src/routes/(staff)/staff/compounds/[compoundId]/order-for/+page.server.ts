import { orderForPage, placeForHousehold } from '#web/lib/server/order-for.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = (event) => orderForPage(event, event.params)

export const actions: Actions = { default: (event) => placeForHousehold(event, event.params) }
