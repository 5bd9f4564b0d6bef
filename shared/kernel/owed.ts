import { assert } from './assert.ts'
import { type Fen, fen } from './money.ts'

export type OwedLine = {
  readonly quantity: number
  /** Portions that will not come: given back by the buyer, or short. Their money went back with them. */
  readonly dropped: number
  readonly amountFen: number
  readonly refundedFen: number
}

/**
 * Portions of a line that are to be harvested and handed over: none once all of its money went back. Money that went back
 * in part (a price step, less weight) takes no portion away.
 */
export function portionsOwed(line: OwedLine): number {
  assert(line.refundedFen <= line.amountFen, 'no line gives back more than was paid for it')
  assert(line.dropped <= line.quantity, 'no more portions stay away than were bought')
  return line.refundedFen > 0 && line.refundedFen === line.amountFen ? 0 : line.quantity - line.dropped
}

/**
 * The one rounding of what goes back: a line costs so much by now (price steps and earlier refunds are off already), and
 * `part` of the `whole` of it stays. What stays is rounded down to whole fen, in the buyer's favour; where nothing stays, all
 * that is left goes back.
 */
export function lessFen(line: Pick<OwedLine, 'amountFen' | 'refundedFen'>, part: number, whole: number): Fen {
  const kept = line.amountFen - line.refundedFen
  return fen(kept - Math.floor((kept * part) / whole))
}
