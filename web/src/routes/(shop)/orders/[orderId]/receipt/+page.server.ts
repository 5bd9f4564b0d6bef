import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { getOrder } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  // The seller's licence is the one shown when the group buy opened; without it the receipt still stands.
  const licences = await Promise.all(
    order.shares.map(async ({ groupBuyId }) => {
      const found = await api(getGroupBuy, { params: { groupBuyId } }, { token: undefined })
      return [groupBuyId, found.ok ? found.data.coopLicence : undefined] as const
    }),
  )
  return { order, licences: Object.fromEntries(licences), now: new Date().toISOString() }
}
