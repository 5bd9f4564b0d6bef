import { listMyOrders as listMyOrdersRoute } from '#shared/contracts/orders.ts'
import { householdsOf } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { orderSummary } from './order-view.ts'
import { pageOfPersonOrders } from './reading-store.ts'

const PAGE = 20

export const listMyOrders = http(listMyOrdersRoute, async ({ query }, { caller }) => {
  const { items, ...next } = await pageOfPersonOrders(
    caller.personId,
    householdsOf(caller),
    query.limit ?? PAGE,
    query.cursor,
  )
  return { items: items.map(orderSummary), ...next }
})
