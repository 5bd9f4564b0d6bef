import { priceDifferenceFen } from '#shared/domain/group-buys/price-steps.ts'
import type { WantedRefund } from '#shared/domain/payments/decide-refund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { fen } from '#shared/kernel/money.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { groupBuyItem, type GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { refundedOfLine, type ShareItem, shareItem } from '#functions/platform/table/items/orders.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'
import { tellHousehold } from '#functions/platform/table/notices.ts'
import { get, query, transact } from '#functions/platform/table/table.ts'
import { type ByRule, refundByRule, type RefundRule } from './refund-by-rule.ts'

const SHARES_A_PAGE = 200
const SHARES_AT_ONCE = 8

export type Finished = { readonly confirmed: number; readonly refunds: number; readonly finished: boolean }

/**
 * Carries out what was decided for a closed group buy, share by share: confirmed with the price difference given back, or
 * refunded whole where it failed. The decision stands already; each share is done once, whoever does it and however often
 * this is cut off, since its refund has an id of its own and its state leaves `reserved` only after that.
 */
export async function finishClosing(
  groupBuyId: string,
  provider: PaymentPort,
  at: Instant,
  hasTime: () => boolean,
): Promise<Finished> {
  const groupBuy = await get(groupBuyItem, keys.groupBuy(groupBuyId))
  const nothing = { confirmed: 0, refunds: 0, finished: false }
  if (groupBuy?.decided === undefined) return nothing
  if (groupBuy.state === 'failed') await move(groupBuy, 'failed', 'refunding')
  let confirmed = 0
  let refunds = 0
  let cursor: string | undefined
  do {
    const page = await query(shareItem, {
      pk: keys.groupBuy(groupBuyId).PK,
      prefix: 'SHARE#',
      limit: SHARES_A_PAGE,
      cursor,
    })
    const open = page.items.filter((share) => share.state === 'reserved')
    const done = await inParallel(open, SHARES_AT_ONCE, async (share) => {
      if (!hasTime()) return undefined
      return finishShare(groupBuy, share.orderId, provider, at)
    })
    if (done.includes(undefined)) return { confirmed, refunds, finished: false }
    confirmed += done.filter((each) => each?.became === 'confirmed').length
    refunds += done.filter((each) => each?.refunded === true).length
    cursor = page.nextCursor
  } while (cursor !== undefined)
  await endOf(groupBuy)
  return { confirmed, refunds, finished: true }
}

type Done = { readonly became: 'confirmed' | 'refunded' | 'left'; readonly refunded: boolean }

async function finishShare(groupBuy: GroupBuyItem, orderId: string, provider: PaymentPort, at: Instant): Promise<Done> {
  const failed = groupBuy.state !== 'confirmed'
  const rule: RefundRule = {
    name: failed ? 'failed' : 'step',
    reason: failed ? 'failed-group' : 'price-step',
    owed: (found, mine) => owed(groupBuy, found, mine, failed),
  }
  const done = await refundByRule({ orderId, groupBuyId: groupBuy.groupBuyId }, rule, provider, at)
  // Given up, and its share is released with it: nothing was paid.
  if (done === undefined) return { became: 'left', refunded: false }
  // Refunded whole before the closing: there is nothing to hand out, whatever became of the group buy.
  const became = failed || done.share.refundedFen >= done.share.amountFen ? 'refunded' : 'confirmed'
  await leave(groupBuy, done, became)
  return { became, refunded: done.refunded }
}

/** What each line of the share gets back: all that is left of it, or the difference to the final price. */
function owed(groupBuy: GroupBuyItem, { lines }: OrderParts, mine: ShareItem, failed: boolean): WantedRefund[] {
  const bought = lines.shares.find((share) => share.saleId === mine.saleId)?.lines ?? []
  return bought.flatMap(({ lineId, offerId, amountFen, unitPriceFen }) => {
    const refundedFen = refundedOfLine(mine, lineId)
    const final = groupBuy.finalPrices?.[offerId] ?? unitPriceFen
    const back = failed ? amountFen - refundedFen : priceDifferenceFen({ amountFen, refundedFen, unitPriceFen }, final)
    return back > 0 ? [{ saleId: mine.saleId, lineId, amountFen: fen(back) }] : []
  })
}

/**
 * Only from `reserved`: another run may have been here. That it takes place is told in the same write, with the moment it
 * was decided, hence once; that it failed was told with the money that goes back.
 */
async function leave(
  { decided }: GroupBuyItem,
  { order, share }: ByRule,
  state: 'confirmed' | 'refunded',
): Promise<void> {
  const { groupBuyId, orderId, saleId } = share
  assert(decided !== undefined, 'a closed group buy is decided')
  const notice = { kind: 'group-buy-confirmed', at: decided.decidedAt, of: saleId, groupBuyId } as const
  await transact([
    {
      update: keys.share(groupBuyId, orderId),
      set: 'SET #state = :state',
      condition: '#state = :reserved',
      expression: { names: { '#state': 'state' }, values: { ':state': state, ':reserved': 'reserved' } },
    },
    ...(state === 'confirmed' ? [tellHousehold(order, notice)] : []),
  ])
}

async function move({ groupBuyId }: GroupBuyItem, from: string, to: string): Promise<void> {
  await transact([
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :to',
      condition: '#state = :from',
      expression: { names: { '#state': 'state' }, values: { ':from': from, ':to': to } },
    },
  ])
}

/** Every share is done: one that failed has ended, and the clock that is left is the settlement's. */
async function endOf(groupBuy: GroupBuyItem): Promise<void> {
  const { groupBuyId, pickUpEndsAt } = groupBuy
  if (groupBuy.state !== 'confirmed') await move(groupBuy, 'refunding', 'ended')
  const found = index.watchedGroupBuys(pickUpEndsAt, groupBuyId)
  await transact([
    {
      update: keys.groupBuyWatch(groupBuyId),
      set: 'SET due = :settle, dueAt = :at, GSI1PK = :pk, GSI1SK = :sk',
      condition: 'due = :refund',
      expression: {
        values: {
          ':settle': 'settle',
          ':refund': 'refund',
          ':at': pickUpEndsAt,
          ':pk': found.GSI1PK,
          ':sk': found.GSI1SK,
        },
      },
    },
  ])
}
