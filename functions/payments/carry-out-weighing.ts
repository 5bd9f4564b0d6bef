import { weighable } from '#shared/domain/group-buys/weigh-in.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { loadGroupBuyShares } from '#functions/platform/table/group-buy-shares.ts'
import type { WeighingItem } from '#functions/platform/table/items/deliveries.ts'
import { droppedOfLine, gramsOfLine, refundedOfLine, type ShareItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'
import { transact } from '#functions/platform/table/table.ts'
import { linesWithGrams } from '#functions/platform/table/weigh-in-lines.ts'
import type { CarriedOut } from './carry-out-check.ts'
import { refundByRule } from './refund-by-rule.ts'

const SHARES_AT_ONCE = 8

/**
 * Prices what the scale said, order by order: all lines that were too light go back in one refund, then the share is closed
 * to the scale. Weighing is finished already, so no weight changes any more and this may be cut off and repeated at will.
 */
export async function carryOutWeighing(
  { groupBuyId, compoundId }: WeighingItem,
  provider: PaymentPort,
  at: Instant,
  hasTime: () => boolean,
): Promise<CarriedOut> {
  const { paid } = await loadGroupBuyShares(groupBuyId, compoundId)
  const open = paid
    .filter(({ share }) => share.weighedAt === undefined)
    .map((each) => ({ share: each.share, goods: linesWithGrams(each).flatMap((line) => weighable(line) ?? []) }))
    .filter(({ goods }) => goods.length > 0)
  const done = await inParallel(open, SHARES_AT_ONCE, async ({ share, goods }) => {
    if (!hasTime()) return undefined
    const { orderId } = share
    if (goods.every(({ refundFen }) => refundFen === 0)) {
      await closeScale(share, at)
      return false
    }
    const rule = { name: 'weight', reason: 'weight', owed } as const
    const given = await refundByRule({ orderId, groupBuyId }, rule, provider, at)
    assert(given !== undefined, 'only paid orders are weighed')
    await closeScale(given.share, at)
    return given.refunded
  })
  const counts = { ready: 0, refunds: done.filter(Boolean).length }
  if (done.includes(undefined)) return { ...counts, finished: false }
  await endWeighing(groupBuyId, compoundId)
  return { ...counts, finished: true }
}

function owed({ lines }: OrderParts, share: ShareItem) {
  const bought = lines.shares.find(({ saleId }) => saleId === share.saleId)?.lines ?? []
  return bought.flatMap((line) => {
    const { lineId } = line
    const grams = gramsOfLine(share, lineId)
    const now = { ...line, dropped: droppedOfLine(share, lineId), refundedFen: refundedOfLine(share, lineId), grams }
    const goods = weighable(now)
    if (goods === undefined || grams === undefined || goods.refundFen === 0) return []
    const why = { kind: 'weight', nominalGrams: goods.nominalGrams, grams } as const
    return [{ saleId: share.saleId, lineId, amountFen: goods.refundFen, why }]
  })
}

async function closeScale({ groupBuyId, orderId }: ShareItem, at: Instant): Promise<void> {
  await transact([
    {
      update: keys.share(groupBuyId, orderId),
      set: 'SET weighedAt = :at',
      condition: 'attribute_not_exists(weighedAt)',
      expression: { values: { ':at': at } },
    },
  ])
}

async function endWeighing(groupBuyId: string, compoundId: string): Promise<void> {
  await transact([
    {
      update: keys.weighing(groupBuyId, compoundId),
      set: 'SET #state = :done REMOVE GSI1PK, GSI1SK',
      condition: '#state = :finished',
      expression: { names: { '#state': 'state' }, values: { ':done': 'done', ':finished': 'finished' } },
    },
  ])
}
