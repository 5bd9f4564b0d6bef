import { assert } from './assert.ts'

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
