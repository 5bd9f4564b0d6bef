import { listCompoundShares as listCompoundSharesRoute } from '#shared/contracts/orders.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { get } from '#functions/platform/table/table.ts'
import { loadOrdersOf, pageOfShares } from './reading-store.ts'

const PAGE = 50

export const listCompoundShares = http(listCompoundSharesRoute, async ({ params, query }, { caller }) => {
  const compound = await get(compoundItem, keys.place('compound', params.compoundId))
  if (compound === undefined) throw new Missing()
  requireRole(caller, 'worker', compound.communityId, 'admin')
  // Shares of all compounds of the group buy lie together; a page may therefore come out short, or empty with a cursor.
  const page = await pageOfShares(params.groupBuyId, query.limit ?? PAGE, query.cursor)
  const mine = page.items.filter((share) => share.compoundId === params.compoundId)
  const { orders, lines } = await loadOrdersOf(mine)
  const items = mine.flatMap((share) => {
    const order = orders.get(share.orderId)
    const bought = lines.get(share.orderId)
    if (order?.state !== 'paid' || order.paidAt === undefined || bought === undefined) return []
    const { orderId, saleId, state, amountFen, refundedFen } = share
    const { householdLabel } = bought
    const { pickUpCode, paidAt } = order
    return [{ orderId, saleId, householdLabel, pickUpCode, state, amountFen, refundedFen, paidAt }]
  })
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
})
