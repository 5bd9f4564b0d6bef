import { listParkedMoney as listParkedMoneyRoute } from '#shared/contracts/payments.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfParked } from './parked-store.ts'

const PAGE = 50

export const listParkedMoney = http(listParkedMoneyRoute, async ({ query }) => {
  const page = await pageOfParked(query.limit ?? PAGE, query.cursor)
  return {
    items: page.items.map(({ parkedId, reason, amountFen, currency, paymentId, orderId, state, parkedAt }) => ({
      ...{ parkedId, reason, amountFen, currency, paymentId, state, parkedAt },
      ...(orderId === undefined ? {} : { orderId }),
    })),
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
  }
})
