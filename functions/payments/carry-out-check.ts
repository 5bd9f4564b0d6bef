import type { Shortage } from '#shared/domain/group-buys/allocate-shortage.ts'
import { shortageFen } from '#shared/domain/group-buys/less-goods.ts'
import { assert } from '#shared/kernel/assert.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { loadShortages, sharesAt } from '#functions/platform/table/delivery-facts.ts'
import { loadGroupBuyShares, loadShareStates, type PaidShare } from '#functions/platform/table/group-buy-shares.ts'
import type { DeliveryItem } from '#functions/platform/table/items/deliveries.ts'
import {
  droppedOfLine,
  handedOutOfLine,
  refundedOfLine,
  type ShareItem,
} from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'
import { tellHousehold } from '#functions/platform/table/notices.ts'
import { transact } from '#functions/platform/table/table.ts'
import { refundByRule } from './refund-by-rule.ts'

const SHARES_AT_ONCE = 8

export type CarriedOut = { readonly ready: number; readonly refunds: number; readonly finished: boolean }

/** Orders at the pick-up point, and what was decided that they do not get. */
export type ToCarryOut = { readonly shares: readonly PaidShare[]; readonly shortages: readonly Shortage[] }

export async function loadToCarryOut(delivery: DeliveryItem): Promise<ToCarryOut> {
  const { groupBuyId, compoundId, pickUpPointId } = delivery
  const [shortages, { paid }] = await Promise.all([loadShortages(delivery), loadGroupBuyShares(groupBuyId, compoundId)])
  return { shares: sharesAt(paid, pickUpPointId), shortages }
}

/**
 * Carries out what a check decided, order by order: what is short is given back, then the share is ready to be handed out.
 * The decision stands already, so this may be cut off and repeated at will; what happened to a share since it was read is
 * seen when it is its turn.
 */
export async function carryOutCheck(
  delivery: DeliveryItem,
  { shares, shortages: all }: ToCarryOut,
  provider: PaymentPort,
  at: Instant,
  hasTime: () => boolean,
): Promise<CarriedOut> {
  const { groupBuyId } = delivery
  const shortages = Map.groupBy(all, ({ orderId }) => orderId)
  const open = shares.filter(({ share }) => share.state === 'confirmed')
  const done = await inParallel(open, SHARES_AT_ONCE, async (each) => {
    if (!hasTime()) return undefined
    const { orderId } = each.share
    const short = shortages.get(orderId)
    if (short === undefined) {
      await becomeReady(delivery, each)
      return false
    }
    const rule = { name: 'short', reason: 'shortage', owed: owedFor(short) } as const
    const given = await refundByRule({ orderId, groupBuyId }, rule, provider, at)
    assert(given !== undefined, 'only paid orders are on the sheet')
    await becomeReady(delivery, { ...each, share: given.share })
    return given.refunded
  })
  const counts = { ready: done.filter((each) => each !== undefined).length, refunds: done.filter(Boolean).length }
  if (done.includes(undefined)) return { ...counts, finished: false }
  await endCheck(delivery)
  await beginDistributing(groupBuyId)
  return { ...counts, finished: true }
}

/** What was handed out or given back since the check is not short any more. */
function owedFor(shortages: readonly Shortage[]) {
  return ({ lines }: OrderParts, share: ShareItem) => {
    const bought = lines.shares.find(({ saleId }) => saleId === share.saleId)?.lines ?? []
    return shortages.flatMap(({ lineId, short, rule, ordered, good, place, of }) => {
      const line = bought.find((each) => each.lineId === lineId)
      assert(line !== undefined, 'what is short was bought')
      const now = {
        ...{ quantity: line.quantity, amountFen: line.amountFen },
        ...{ dropped: droppedOfLine(share, lineId), refundedFen: refundedOfLine(share, lineId) },
      }
      const portions = Math.min(short, portionsOwed(now) - handedOutOfLine(share, lineId))
      if (portions <= 0) return []
      const amountFen = shortageFen(now, portions)
      if (amountFen === 0) return []
      const why = { kind: 'shortage', rule, ordered, good, place, of } as const
      return [{ saleId: share.saleId, lineId, amountFen, portions, why }]
    })
  }
}

/**
 * Only from `confirmed`: another run may have been here, and what was handed out stays handed out. The household is told in
 * the same write, with the moment of the check, hence once; of goods none of which came, the refund has told.
 */
async function becomeReady({ checkedAt }: DeliveryItem, { share, order, bought }: PaidShare): Promise<void> {
  const { groupBuyId, orderId, saleId, refundedFen, amountFen } = share
  assert(checkedAt !== undefined, 'a check has its moment')
  const state = refundedFen >= amountFen ? 'refunded' : 'ready'
  const notice = { kind: 'arrived', at: checkedAt, of: saleId, groupBuyId, place: bought.pickUpPoint.name } as const
  await transact([
    {
      update: keys.share(groupBuyId, orderId),
      set: 'SET #state = :state',
      condition: '#state = :confirmed',
      expression: { names: { '#state': 'state' }, values: { ':state': state, ':confirmed': 'confirmed' } },
    },
    ...(state === 'ready' ? [tellHousehold(order, notice)] : []),
  ])
}

async function endCheck({ groupBuyId, compoundId, pickUpPointId }: DeliveryItem): Promise<void> {
  await transact([
    {
      update: keys.delivery(groupBuyId, compoundId, pickUpPointId),
      set: 'SET #state = :done REMOVE GSI1PK, GSI1SK',
      condition: '#state = :checked',
      expression: { names: { '#state': 'state' }, values: { ':done': 'done', ':checked': 'checked' } },
    },
  ])
}

/** Once nobody waits for goods any more, all that is left to do is handing out. */
async function beginDistributing(groupBuyId: string): Promise<void> {
  const states = await loadShareStates(groupBuyId)
  if (states.has('confirmed') || states.has('reserved')) return
  await transact([
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :distributing',
      condition: '#state = :receiving',
      expression: {
        names: { '#state': 'state' },
        values: { ':distributing': 'distributing', ':receiving': 'receiving' },
      },
    },
  ])
}
