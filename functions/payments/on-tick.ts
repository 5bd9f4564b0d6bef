import * as z from 'zod'
import { type Instant, instantSchema } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { groupBuyWatchItem } from '#functions/platform/table/items/group-buys.ts'
import { openDeliveryItem } from '#functions/platform/table/items/deliveries.ts'
import { index, PENDING_SHARDS } from '#functions/platform/table/keys.ts'
import { refundItem } from '#functions/platform/table/items/orders.ts'
import { type Page, query } from '#functions/platform/table/table.ts'
import { askRefund } from './ask-refund.ts'
import { carryOutCheck, loadToCarryOut } from './carry-out-check.ts'
import { carryOutWeighing } from './carry-out-weighing.ts'
import { finishClosing } from './finish-closing.ts'
import { giveUp } from './give-up.ts'
import { pageOfParked, sendBack } from './parked-store.ts'

const PAGE = 50

/** Only what the sweep itself looks at: an order with any other fault is still found, and named by `giveUp`. */
const overdueOrder = z.object({ orderId: z.string(), expiresAt: instantSchema })

/**
 * Each minute: unpaid orders whose time is over are given up, decided group buys are confirmed or refunded, refunds are seen
 * through, parked money goes back.
 */
export const handler = scheduleHandler('payments', async (at, hasTime) => {
  const counts = {
    released: 0,
    paid: 0,
    later: 0,
    held: 0,
    refunds: 0,
    parked: 0,
    confirmed: 0,
    ready: 0,
    givenBack: 0,
    failed: 0,
  }
  // One order that cannot be handled must not keep the others, or the money of others, waiting.
  const eachPage = walker(hasTime, (what) => {
    counts.failed++
    log('error', 'not swept', { why: what })
  })
  for (let shard = 0; shard < PENDING_SHARDS; shard++) {
    await eachPage(
      (cursor) => overdueOrders(shard, at, cursor),
      async (order) => {
        // The index lags; giving up decides from the order itself.
        if (order.expiresAt <= at) counts[await giveUp(order.orderId, 'expired', payments, at)]++
      },
    )
  }
  await eachPage(
    (cursor) => decidedGroupBuys(at, cursor),
    async (watch) => {
      if (watch.due !== 'refund') return
      const done = await finishClosing(watch.groupBuyId, payments, at, hasTime)
      counts.confirmed += done.confirmed
      counts.givenBack += done.refunds
    },
  )
  await eachPage(openDeliveries, async (item) => {
    const carryOut =
      item.entity === 'delivery'
        ? carryOutCheck(item, await loadToCarryOut(item), payments, at, hasTime)
        : carryOutWeighing(item, payments, at, hasTime)
    const done = await carryOut
    counts.ready += done.ready
    counts.givenBack += done.refunds
  })
  await eachPage(openRefunds, async (refund) => {
    await askRefund(refund, payments, at)
    counts.refunds++
  })
  await eachPage(
    (cursor) => pageOfParked(PAGE, cursor),
    async (parked) => {
      await sendBack(parked, payments)
      counts.parked++
    },
  )
  return counts
})

function overdueOrders(shard: number, at: Instant, cursor: string | undefined) {
  return query(overdueOrder, {
    pk: `ORDER#PENDING#${shard}`,
    index: 'GSI1',
    // Key attributes take no empty string; every moment sorts after '0'.
    between: ['0', `${at}#~`],
    limit: PAGE,
    cursor,
  })
}

function decidedGroupBuys(at: Instant, cursor: string | undefined) {
  const { GSI1PK } = index.watchedGroupBuys('', '')
  return query(groupBuyWatchItem, { pk: GSI1PK, between: ['0', `${at}~`], index: 'GSI1', limit: PAGE, cursor })
}

function openDeliveries(cursor: string | undefined) {
  return query(openDeliveryItem, { pk: 'GB#DELIVERIES-OPEN', index: 'GSI1', limit: PAGE, cursor })
}

function openRefunds(cursor: string | undefined) {
  return query(refundItem, { pk: 'PAYMENT#REFUNDS-OPEN', index: 'GSI1', limit: PAGE, cursor })
}

/** Walks a list page by page; the items of a page side by side, for most of their time is the provider's. */
function walker(hasTime: () => boolean, failed: (why: string) => void) {
  const guarded = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      failed(error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown')
    }
  }
  return async <T>(
    load: (cursor: string | undefined) => Promise<Page<T>>,
    act: (item: T) => Promise<void>,
  ): Promise<void> =>
    guarded(async () => {
      let cursor: string | undefined
      do {
        const page = await load(cursor)
        await Promise.all(page.items.map((item) => guarded(() => act(item))))
        cursor = page.nextCursor
      } while (cursor !== undefined && hasTime())
    })
}
