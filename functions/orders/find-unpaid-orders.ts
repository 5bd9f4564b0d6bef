import { findUnpaidOrders as route, UNPAID_FOUND_MAX } from '#shared/contracts/orders.ts'
import { unpayable } from '#shared/domain/orders/longer-hold.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import { http } from '#functions/platform/http.ts'
import { householdNamed, needOwnCompound } from './household-facts.ts'
import { groupBuysStillPaid, ordersOf, sharesAtCounter } from './pick-up-store.ts'

/** From the group buys of the compound that may still be paid, as the counter looks: whoever placed the order is found. */
export const findUnpaidOrders = http(route, async ({ params: { compoundId }, query }, { caller, now }) => {
  await needOwnCompound(caller, compoundId)
  const { householdId, labels } = householdNamed(compoundId, query)
  const shares = await sharesAtCounter(compoundId, await groupBuysStillPaid(compoundId, now))
  const orders = await ordersOf(shares.filter((share) => share.householdId === householdId))
  const items = orders
    .filter((order) => unpayable({ ...order, endsAs: order.endsAs }, now) === undefined)
    .sort((left, right) => (left.placedAt < right.placedAt ? -1 : 1))
    .slice(0, UNPAID_FOUND_MAX)
    .map(({ orderId, amountFen, placedAt, expiresAt }) => ({ orderId, amountFen, placedAt, expiresAt }))
  return { householdLabel: householdLabel(labels), items }
})
