import type { LineRefund, ShareRefund } from '#shared/domain/payments/decide-refund.ts'
import { returnToBuckets } from '#shared/domain/orders/split-stock.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { bucketItem } from '#functions/platform/table/items/group-buys.ts'
import type { OrderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { limitAttribute, type RefundItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'
import { TRANSACT_MAX, type Write } from '#functions/platform/table/table.ts'
import { refundWriteCount, saveRefund } from './refund-store.ts'

/** `closed`: the group buy whose stock takes nothing back any more. */
type Saved =
  | { readonly kind: 'done' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'moved'; readonly closed: string | undefined }

/** The refund, the portions, the stock and the household's limit in one transaction: all of it or nothing. */
export async function saveGiveBack(
  { order, lines }: OrderParts,
  refund: RefundItem,
  shares: readonly ShareRefund[],
  clock: () => Instant,
): Promise<Saved> {
  const beside = shares.flatMap((share) => goodsBack(share, lines, order.householdId, clock()))
  if (refundWriteCount(shares.length) + beside.length > TRANSACT_MAX) return { kind: 'too-many' }
  const amounts = new Map(lines.shares.map((share) => [share.saleId, share.amountFen]))
  const saved = await saveRefund(order, refund, shares, amounts, beside)
  if (saved.kind === 'done') return saved
  const at = clock()
  const closed = saved.failed
    .flatMap(({ item }) => (item?.['entity'] === 'bucket' ? [bucketItem.parse(item)] : []))
    .find((bucket) => bucket.state !== 'open' || bucket.closesAt <= at)
  return { kind: 'moved', closed: closed?.groupBuyId }
}

function goodsBack(refund: ShareRefund, { shares }: OrderLinesItem, householdId: string, at: Instant): Write[] {
  const bought = shares.find((share) => share.saleId === refund.saleId)
  assert(bought !== undefined, 'portions come back of a share of the order')
  return [
    limitWrite(refund, bought.lines, householdId),
    ...refund.lines.flatMap((back) => {
      const line = bought.lines.find((each) => each.lineId === back.line.lineId)
      assert(line !== undefined, 'portions come back of a line of the share')
      // Before the closing nothing but giving back drops portions, so that `dropped` says how many are back already.
      return returnToBuckets(line.taken, back.line.dropped, back.portions).map((take) =>
        bucketWrite(refund.groupBuyId, line.offerId, take, at),
      )
    }),
  ]
}

/**
 * Stock goes back only while the bucket is open and inside its window: the one truth about the closing. The window is checked
 * against a clock read at the moment of writing, and `state` against the closing that flips it: what counts the sold portions
 * afterwards finds these given back, or this request finds the bucket closed.
 */
function bucketWrite(groupBuyId: string, offerId: string, take: { n: number; quantity: number }, at: Instant): Write {
  return {
    update: keys.bucket(groupBuyId, offerId, take.n),
    set: 'SET #available = #available + :q',
    condition: '#state = :open AND #closesAt > :now',
    expression: {
      names: { '#available': 'available', '#state': 'state', '#closesAt': 'closesAt' },
      values: { ':q': take.quantity, ':open': 'open', ':now': at },
    },
  }
}

/** The household may buy as much again. */
function limitWrite(
  { groupBuyId, lines }: ShareRefund,
  bought: readonly { readonly lineId: string; readonly offerId: string }[],
  householdId: string,
): Write {
  const offerOf = ({ line }: LineRefund) => bought.find((each) => each.lineId === line.lineId)?.offerId ?? ''
  return {
    update: keys.limit(groupBuyId, householdId),
    set: `SET ${lines.map((_, at) => `#q${at} = #q${at} - :q${at}`).join(', ')}`,
    condition: lines.map((_, at) => `#q${at} >= :q${at}`).join(' AND '),
    expression: {
      names: Object.fromEntries(lines.map((line, at) => [`#q${at}`, limitAttribute(offerOf(line))])),
      values: Object.fromEntries(lines.map(({ portions }, at) => [`:q${at}`, portions])),
    },
  }
}
