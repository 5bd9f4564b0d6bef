import { assert } from '../../kernel/assert.ts'
import type { Fen } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { lessFen, type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import type { Instant } from '../../kernel/time.ts'
import { decideRefund, type RefundableOrder, type RefundDecision } from './decide-refund.ts'

/** How often portions of one order may be given back: each time is an item and a call to the provider. */
export const GIVE_BACKS_MAX = 50

export type WantedBack = { readonly saleId: string; readonly lineId: string; readonly portions: number }

/** A group buy of the order as it stands at this moment. From its closing on the village harvests for all who have ordered. */
export type GroupBuyNow = { readonly title: string; readonly isOpen: boolean }

export type GivableOrder = RefundableOrder & {
  readonly groupBuys: ReadonlyMap<string, GroupBuyNow>
  /** How often portions of it were given back already. */
  readonly givenBack: number
}

export type GiveBackDecision =
  | Extract<RefundDecision, { kind: 'decided' }>
  | Extract<RefundDecision, { kind: 'refused' }>
  | Refused<'GROUP_BUY_CLOSED' | 'TOO_MANY_GIVE_BACKS'>

/** Portions of a line that its buyer still has coming. */
export function portionsToGive(line: OwedLine & { readonly handedOut: number }): number {
  return Math.max(0, portionsOwed(line) - line.handedOut)
}

/**
 * What comes back for some portions of a line: their part of what was paid for it and not refunded yet, rounded up to whole
 * fen in the buyer's favour. With nothing refunded before that is portions × price, exactly; the last portions bring all that
 * is left.
 */
export function moneyForPortions(line: OwedLine, portions: number): Fen {
  const owed = portionsOwed(line)
  assert(portions >= 1 && portions <= owed, 'money comes back for portions that are owed')
  return lessFen(line, owed - portions, owed)
}

/**
 * Decides what a buyer gets back for portions they no longer want. Whether the group buy is still open is decided once more
 * by the stock it goes back to: this decision gives the sentence for the person, that one the truth.
 */
export function decideGiveBack(order: GivableOrder, wanted: readonly WantedBack[], now: Instant): GiveBackDecision {
  if (order.state !== 'paid') return refused('ORDER_NOT_PAID', '这个订单还没有付款')
  const lines = mergePortions(wanted)
  const refunds = []
  for (const { saleId, lineId, portions } of lines) {
    const share = order.shares.find((each) => each.saleId === saleId)
    const line = share?.lines.find((each) => each.lineId === lineId)
    if (share === undefined || line === undefined) return refused('UNKNOWN_LINE', '订单里没有这一行')
    const groupBuy = order.groupBuys.get(share.groupBuyId)
    if (groupBuy?.isOpen !== true) return closedRefusal(groupBuy?.title ?? line.name)
    const left = portionsToGive(line)
    if (portions > left) {
      const most = left === 0 ? '已经全部退掉了' : `最多还能退 ${left} 份`
      return refused('TOO_MANY_PORTIONS', `「${line.name}」${most}`, { [lineId]: most })
    }
    refunds.push({ saleId, lineId, portions, amountFen: moneyForPortions(line, portions) })
  }
  if (order.givenBack >= GIVE_BACKS_MAX) {
    return refused('TOO_MANY_GIVE_BACKS', '这个订单改的次数太多了，请联系社区工作人员')
  }
  return decideRefund(order, refunds, now)
}

export function closedRefusal(title: string): Refused<'GROUP_BUY_CLOSED'> {
  return refused('GROUP_BUY_CLOSED', `「${title}」已经截止，村里开始备货，不能再退了`)
}

/** Portions of one line add up; sorted, so that the same wish written in another order is the same wish. */
export function mergePortions(wanted: readonly WantedBack[]): readonly WantedBack[] {
  const byLine = new Map<string, WantedBack>()
  for (const line of wanted) {
    const key = `${line.saleId} ${line.lineId}`
    byLine.set(key, { ...line, portions: line.portions + (byLine.get(key)?.portions ?? 0) })
  }
  return [...byLine.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, line]) => line)
}
