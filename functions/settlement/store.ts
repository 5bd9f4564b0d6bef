import type { SaleSettled } from '#shared/contracts/events.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem, type GroupBuyItem, groupBuyWatchItem } from '#functions/platform/table/items/group-buys.ts'
import { type OrderItem, orderItem, type ShareItem, shareItem } from '#functions/platform/table/items/orders.ts'
import { batchGet, get, NOT_EXISTS, query, transact, type Write } from '#functions/platform/table/table.ts'
import { watchSettlement } from '#functions/platform/table/watch-settlement.ts'

export async function pageOfWatchedGroupBuys(cursor: string | undefined) {
  return query(groupBuyWatchItem, { pk: 'GB#WATCH', index: 'GSI1', limit: 50, cursor })
}

export async function getGroupBuy(groupBuyId: string): Promise<GroupBuyItem | undefined> {
  return get(groupBuyItem, keys.groupBuy(groupBuyId))
}

/** A page of shares with their orders, both read consistently. */
export async function pageOfShares(groupBuyId: string, cursor: string | undefined) {
  const page = await query(shareItem, { pk: keys.groupBuy(groupBuyId).PK, prefix: 'SHARE#', limit: 200, cursor })
  const unsettled = page.items.filter((share) => share.settledAt === undefined && share.state !== 'failed')
  const orders = await batchGet(
    orderItem,
    unsettled.map((share) => keys.order(share.orderId)),
  )
  const byId = new Map(orders.map((order) => [order.orderId, order]))
  return {
    shares: unsettled.flatMap((share) => {
      const order = byId.get(share.orderId)
      return order === undefined ? [] : [{ share, order }]
    }),
    nextCursor: page.nextCursor,
  }
}

/** Two writes a sale, so that many sales fit one transaction. */
const SALES_PER_TRANSACTION = 25

/** Settles sales: the share is marked and the event written, once, together. Returns how many were settled now. */
export async function settle(due: readonly { share: ShareItem; order: OrderItem }[], at: Instant): Promise<number> {
  let settled = 0
  for (let from = 0; from < due.length; from += SALES_PER_TRANSACTION) {
    const batch = due.slice(from, from + SALES_PER_TRANSACTION)
    const result = await transact(batch.flatMap((each) => settleWrites(each, at)))
    if (result.kind === 'done') settled += batch.length
    // One of them moved (settled by a job beside us): take them one by one, each decides for itself.
    else for (const each of batch) if ((await transact(settleWrites(each, at))).kind === 'done') settled++
  }
  return settled
}

function settleWrites({ share, order }: { share: ShareItem; order: OrderItem }, at: Instant): Write[] {
  const event: SaleSettled = {
    type: 'sale.settled.v1',
    saleId: share.saleId,
    saleDay: shanghaiDay(order.paidAt ?? at),
    compoundId: share.compoundId,
    occurredAt: at,
  }
  return [
    {
      update: keys.share(share.groupBuyId, share.orderId),
      set: 'SET #settledAt = :at',
      // A claim that came while we were looking holds the sale back, too.
      condition:
        'attribute_exists(#saleId) AND attribute_not_exists(#settledAt) AND (attribute_not_exists(#open) OR #open = :none)',
      expression: {
        names: { '#settledAt': 'settledAt', '#saleId': 'saleId', '#open': 'openClaims' },
        values: { ':at': at, ':none': 0 },
      },
    },
    {
      put: {
        ...keys.event(share.compoundId, shanghaiDay(at), event.type, event.saleId),
        entity: 'event',
        v: 1,
        ...event,
      },
      condition: NOT_EXISTS,
    },
  ]
}

/** Nothing is left to settle in a closed group buy: what is left for the clock is its statement. */
export async function endWatch(groupBuyId: string, at: Instant): Promise<void> {
  // One that failed has ended already, and stays so.
  await transact([
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :settled',
      condition: '#state IN (:confirmed, :receiving, :distributing)',
      expression: {
        names: { '#state': 'state' },
        values: {
          ':settled': 'settled',
          ':confirmed': 'confirmed',
          ':receiving': 'receiving',
          ':distributing': 'distributing',
        },
      },
    },
  ])
  await transact([
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #salesSettledAt = :at',
      condition: 'attribute_exists(PK)',
      expression: { names: { '#salesSettledAt': 'salesSettledAt' }, values: { ':at': at } },
    },
    {
      delete: keys.groupBuyWatch(groupBuyId),
      condition: 'attribute_exists(PK) AND due = :settle',
      expression: { values: { ':settle': 'settle' } },
    },
    watchSettlement(groupBuyId, 'settled', at),
  ])
}
