import type { ShortageRule } from '../../contracts/deliveries.ts'
import { assert } from '../../kernel/assert.ts'

/** A paid line whose goods were brought to this pick-up point. */
export type LineThere = {
  readonly orderId: string
  readonly lineId: string
  readonly offerId: string
  /** When its order was paid: who paid first is served first. */
  readonly paidAt: string
  /** Portions to be handed out, those that are out already included. */
  readonly owed: number
  readonly handedOut: number
}

/** What a line does not get, and the whole reason: with these numbers everybody can work it out again. */
export type Shortage = {
  readonly orderId: string
  readonly lineId: string
  readonly offerId: string
  readonly short: number
  readonly rule: ShortageRule
  /** Portions of the offer that were ordered here, and that came in good order. */
  readonly ordered: number
  readonly good: number
  /** The line's place among those of the offer, first paid first, and how many there are. */
  readonly place: number
  readonly of: number
}

/**
 * Deals out what came. Nothing is taken back that was handed out; the rest goes by the rule:
 * - `first-paid`: who paid first gets all they ordered, as long as there is some.
 * - `pro-rata`: each gets the same part of what is still owed to them, rounded down; portions that are left over by the
 *   rounding go to the largest remainders, among equal ones to who paid first.
 */
export function allocateShortage(
  rule: ShortageRule,
  lines: readonly LineThere[],
  goodByOffer: ReadonlyMap<string, number>,
): Shortage[] {
  return [...Map.groupBy(lines, (line) => line.offerId)].flatMap(([offerId, mine]) =>
    ofOffer(rule, mine.toSorted(firstPaidFirst), goodByOffer.get(offerId) ?? 0),
  )
}

function ofOffer(rule: ShortageRule, lines: readonly LineThere[], good: number): Shortage[] {
  const ordered = sum(lines.map((line) => line.owed))
  const out = sum(lines.map((line) => line.handedOut))
  assert(good >= out, 'what was handed out did come')
  for (const line of lines) assert(line.handedOut <= line.owed, 'no more is handed out than is owed')
  const waiting = lines.map((line) => line.owed - line.handedOut)
  const granted = rule === 'first-paid' ? inTurn(waiting, good - out) : inProportion(waiting, good - out)
  assert(sum(granted) === Math.min(good - out, ordered - out), 'everything that came is dealt out')
  return lines.flatMap(({ orderId, lineId, offerId }, at) => {
    const short = (waiting[at] ?? 0) - (granted[at] ?? 0)
    if (short === 0) return []
    return [{ orderId, lineId, offerId, short, rule, ordered, good, place: at + 1, of: lines.length }]
  })
}

function inTurn(waiting: readonly number[], available: number): number[] {
  let left = available
  return waiting.map((wanted) => {
    const given = Math.min(wanted, left)
    left -= given
    return given
  })
}

function inProportion(waiting: readonly number[], available: number): number[] {
  const total = sum(waiting)
  if (total <= available) return [...waiting]
  const whole = waiting.map((wanted) => Math.floor((wanted * available) / total))
  const byRemainder = waiting
    .map((wanted, at) => ({ at, remainder: (wanted * available) % total }))
    .sort((left, right) => right.remainder - left.remainder || left.at - right.at)
  const over = new Set(byRemainder.slice(0, available - sum(whole)).map(({ at }) => at))
  return whole.map((given, at) => given + (over.has(at) ? 1 : 0))
}

function firstPaidFirst(left: LineThere, right: LineThere): number {
  const [a, b] = [left, right].map(({ paidAt, orderId, lineId }) => `${paidAt} ${orderId} ${lineId}`)
  return (a ?? '') < (b ?? '') ? -1 : 1
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
