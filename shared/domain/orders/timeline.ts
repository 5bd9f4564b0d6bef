import type { getOrder, RefundWhy } from '../../contracts/orders.ts'
import type { Output } from '../../contracts/route.ts'
import type { Instant } from '../../kernel/time.ts'

// Types only: a page tells the story in the browser, where the schema library is not to come along.
type Order = Output<typeof getOrder>
type Share = Order['shares'][number]
type Line = Share['lines'][number]
type Refund = Order['refunds'][number]
type PickUp = Order['pickUps'][number]
type GroupBuy = NonNullable<Share['groupBuy']>

/** What of a refund belongs to one line, with the line as it was bought. */
export type RefundedLine = {
  readonly line: Pick<Line, 'lineId' | 'name' | 'unitLabel' | 'quantity' | 'unitPriceFen' | 'finalPriceFen'>
  readonly amountFen: number
  readonly portions?: number | undefined
  readonly why?: RefundWhy | undefined
}

/** Something that happened to an order. */
export type Happened = { readonly at: Instant } & (
  | { readonly kind: 'placed' | 'paid' | 'expired' }
  | { readonly kind: 'decided'; readonly share: Share; readonly groupBuy: GroupBuy; readonly takesPlace: boolean }
  | { readonly kind: 'refund'; readonly refund: Refund; readonly lines: readonly RefundedLine[] }
  | { readonly kind: 'handed-out' | 'taken-back'; readonly pickUp: PickUp }
  | { readonly kind: 'settled'; readonly share: Share }
)

/** What comes next for a share of a paid order. */
export type Next =
  | { readonly kind: 'closes'; readonly share: Share; readonly at: Instant }
  | { readonly kind: 'counting' | 'pick-up' | 'arrived'; readonly share: Share }

/** What happens in the same instant is told in this order. */
const RANK = ['placed', 'expired', 'paid', 'decided', 'refund', 'handed-out', 'taken-back', 'settled'] as const

/** The life of an order, oldest first: what happened, and why money came back. */
export function timelineOf(order: Order): readonly Happened[] {
  const happened: Happened[] = [{ kind: 'placed', at: order.placedAt }]
  if (order.state === 'expired') happened.push({ kind: 'expired', at: order.expiresAt })
  if (order.paidAt !== undefined) happened.push({ kind: 'paid', at: order.paidAt })
  for (const share of order.shares) {
    const { groupBuy, settledAt } = share
    if (order.state === 'paid' && groupBuy?.decided !== undefined) {
      const takesPlace = !['failed', 'refunding', 'ended'].includes(groupBuy.state)
      happened.push({ kind: 'decided', at: groupBuy.decided.decidedAt, share, groupBuy, takesPlace })
    }
    if (settledAt !== undefined) happened.push({ kind: 'settled', at: settledAt, share })
  }
  for (const refund of order.refunds) {
    happened.push({ kind: 'refund', at: refund.decidedAt, refund, lines: linesOf(refund, order.shares) })
  }
  for (const pickUp of order.pickUps) {
    happened.push({ kind: 'handed-out', at: pickUp.at, pickUp })
    if (pickUp.undoneAt !== undefined) happened.push({ kind: 'taken-back', at: pickUp.undoneAt, pickUp })
  }
  return happened.sort((left, right) =>
    left.at === right.at ? RANK.indexOf(left.kind) - RANK.indexOf(right.kind) : left.at < right.at ? -1 : 1,
  )
}

function linesOf(refund: Refund, shares: readonly Share[]): readonly RefundedLine[] {
  return refund.lines.flatMap(({ saleId, lineId, ...back }) => {
    const share = shares.find((each) => each.saleId === saleId)
    const line = share?.lines.find((each) => each.lineId === lineId)
    return line === undefined ? [] : [{ line, ...back }]
  })
}

/** What a buyer can look forward to; nothing of what failed, went back whole, or was collected. */
export function nextOf(order: Order): readonly Next[] {
  if (order.state !== 'paid') return []
  return order.shares.flatMap((share): Next[] => {
    const allGone = share.lines.every((line) => line.dropped === line.quantity || line.refundedFen === line.amountFen)
    if (allGone) return []
    switch (share.state) {
      case 'reserved':
        return share.groupBuy?.state === 'open'
          ? [{ kind: 'closes', share, at: share.groupBuy.closesAt }]
          : [{ kind: 'counting', share }]
      case 'confirmed':
        return [{ kind: 'pick-up', share }]
      case 'ready':
        return [{ kind: 'arrived', share }]
      case 'collected':
      case 'settled':
      case 'failed':
      case 'refunded':
        return []
    }
  })
}
