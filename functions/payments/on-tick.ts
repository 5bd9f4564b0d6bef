import { type Instant } from '#shared/kernel/time.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { PENDING_SHARDS } from '#functions/platform/table/keys.ts'
import { orderItem, refundItem } from '#functions/platform/table/items/orders.ts'
import { type Page, query } from '#functions/platform/table/table.ts'
import { askRefund } from './ask-refund.ts'
import { giveUp } from './give-up.ts'
import { pageOfParked, sendBack } from './parked-store.ts'

const PAGE = 50

/** Each minute: unpaid orders whose time is over are given up, refunds are seen through, parked money goes back. */
export const handler = scheduleHandler('payments', async (at, hasTime) => {
  const counts = { released: 0, paid: 0, later: 0, refunds: 0, parked: 0 }
  for (let shard = 0; shard < PENDING_SHARDS; shard++) {
    await eachPage(
      (cursor) => overdueOrders(shard, at, cursor),
      async (order) => {
        // The index lags; giving up decides from the order itself.
        if (order.expiresAt <= at) counts[await giveUp(order.orderId, 'expired', payments, at)]++
      },
      hasTime,
    )
  }
  await eachPage(
    openRefunds,
    async (refund) => {
      await askRefund(refund, payments, at)
      counts.refunds++
    },
    hasTime,
  )
  await eachPage(
    (cursor) => pageOfParked(PAGE, cursor),
    async (parked) => {
      await sendBack(parked, payments)
      counts.parked++
    },
    hasTime,
  )
  return counts
})

function overdueOrders(shard: number, at: Instant, cursor: string | undefined) {
  return query(orderItem, {
    pk: `ORDER#PENDING#${shard}`,
    index: 'GSI1',
    between: ['', `${at}#~`],
    limit: PAGE,
    cursor,
  })
}

function openRefunds(cursor: string | undefined) {
  return query(refundItem, { pk: 'PAYMENT#REFUNDS-OPEN', index: 'GSI1', limit: PAGE, cursor })
}

/** Walks a list page by page; the items of a page side by side, for most of their time is the provider's. */
async function eachPage<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  act: (item: T) => Promise<void>,
  hasTime: () => boolean,
): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await load(cursor)
    await Promise.all(page.items.map(act))
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
}
