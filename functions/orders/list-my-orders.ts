import { listMyOrders as listMyOrdersRoute } from '#shared/contracts/orders.ts'
import { http } from '#functions/platform/http.ts'
import { summaryShares } from './order-view.ts'
import { pageOfPersonOrders } from './reading-store.ts'

const PAGE = 20

export const listMyOrders = http(listMyOrdersRoute, async ({ query }, { caller }) => {
  const page = await pageOfPersonOrders(caller.personId, query.limit ?? PAGE, query.cursor)
  return {
    items: page.items.map(({ order, lines, shares }) => ({
      orderId: order.orderId,
      state: order.state,
      amountFen: order.amountFen,
      refundedFen: order.refundedFen,
      placedAt: order.placedAt,
      expiresAt: order.expiresAt,
      ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
      compoundId: order.compoundId,
      compoundName: lines.compoundName,
      pickUpPoint: { pickUpPointId: lines.pickUpPoint.pickUpPointId, name: lines.pickUpPoint.name },
      shares: summaryShares(lines, shares),
      ...(order.state === 'paid' ? { pickUpCode: order.pickUpCode } : {}),
    })),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  }
})
