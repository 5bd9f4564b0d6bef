import { ledBy } from '#web/lib/server/led-by.ts'
import { orderForPage, placeForHousehold } from '#web/lib/server/order-for.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const where = await ledBy(event)
  return { ...(await orderForPage(event, where)), leader: where.leader }
}

export const actions: Actions = {
  default: async (event) => placeForHousehold(event, await ledBy(event)),
}
