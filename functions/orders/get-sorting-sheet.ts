import { getSortingSheet as route } from '#shared/contracts/orders.ts'
import { isFinal } from '#shared/domain/group-buys/purchase-order.ts'
import { type SheetOrder, sortingSheet } from '#shared/domain/orders/sorting-sheet.ts'
import { assert } from '#shared/kernel/assert.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadGroupBuyShares, type PaidShare } from '#functions/platform/table/group-buy-shares.ts'
import { loadDoors } from './door-store.ts'
import { loadSheetFacts } from './reading-store.ts'

export const getSortingSheet = http(route, async ({ params: { compoundId, groupBuyId } }, { caller, now }) => {
  // The group buy before its shares: once it is closed, no share can come after those that are read.
  const { compound, groupBuy, offerIds } = await loadSheetFacts(compoundId, groupBuyId)
  if (compound === undefined || !worksFor(caller, compound.communityId)) throw new Missing()
  if (groupBuy === undefined || groupBuy.state === 'draft' || !groupBuy.compoundIds.includes(compoundId)) {
    throw new Missing()
  }
  const [{ paid, payableCount }, doors] = await Promise.all([
    loadGroupBuyShares(groupBuyId, compoundId),
    loadDoors(compoundId),
  ])
  const volunteers = new Map(doors.map(({ householdId, volunteer }) => [householdId, volunteer]))
  const { title, coopName, villageName, closesAt, pickUpStartsAt, pickUpEndsAt } = groupBuy
  return {
    ...{ compoundId, compoundName: compound.name, groupBuyId, title, coopName, villageName },
    ...{ closesAt, pickUpStartsAt, pickUpEndsAt, computedAt: now },
    final: isFinal(groupBuy.state, payableCount),
    payableOrderCount: payableCount,
    ...sortingSheet(paid.map(sheetOrder), offerIds, volunteers),
  }
})

function sheetOrder({ order, bought, lines }: PaidShare): SheetOrder {
  const { orderId, householdId, pickUpCode, paidAt } = order
  assert(paidAt !== undefined, 'a paid order knows when it was paid')
  const { householdLabel, pickUpPoint } = bought
  return { orderId, householdId, householdLabel, pickUpCode, pickUpPointName: pickUpPoint.name, paidAt, lines }
}
