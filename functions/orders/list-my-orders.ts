import { listMyOrders as listMyOrdersRoute } from '#shared/contracts/orders.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfPersonOrders } from './reading-store.ts'

const PAGE = 20

export const listMyOrders = http(listMyOrdersRoute, async ({ query }, { caller }) => {
  const page = await pageOfPersonOrders(caller.personId, query.limit ?? PAGE, query.cursor)
  return {
    items: page.items.map(({ order, lines }) => ({
      orderId: order.orderId,
      state: order.state,
      amountFen: order.amountFen,
      refundedFen: order.refundedFen,
      placedAt: order.placedAt,
      expiresAt: order.expiresAt,
      ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
      compoundName: lines.compoundName,
      ...(order.state === 'paid' ? { pickUpCode: order.pickUpCode } : {}),
    })),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  }
})
