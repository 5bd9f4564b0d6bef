import { assert } from './assert.ts'
import type { Fen } from './money.ts'
import { lessFen, type OwedLine, portionsOwed } from './owed.ts'

/** `claimedBack`: portions that were handed out and whose money went back by an earlier claim. */
export type ClaimableLine = OwedLine & { readonly claimedBack: number }

/** Portions that the household has, or has coming, and has paid for. */
export function portionsKept(line: ClaimableLine): number {
  return Math.max(0, portionsOwed(line) - line.claimedBack)
}

/**
 * What goes back for some of the portions kept: their part of what the line costs by now, in the buyer's favour to whole
 * fen. The last portions bring all that is left.
 */
export function moneyForClaimed(line: ClaimableLine, portions: number): Fen {
  const kept = portionsKept(line)
  assert(portions >= 1 && portions <= kept, 'money goes back for portions that are kept')
  return lessFen(line, kept - portions, kept)
}

type PaidBack = {
  readonly lines?:
    | readonly {
        readonly saleId: string
        readonly lineId: string
        readonly portions?: number | undefined
        readonly why?: { readonly kind: string; readonly portions?: number | undefined } | undefined
      }[]
    | undefined
}

/** What earlier claims gave back of a line and did not drop: the goods were in the household's hands already. */
export function claimedBackOf(refunds: readonly PaidBack[], saleId: string, lineId: string): number {
  return refunds
    .flatMap(({ lines = [] }) => lines)
    .filter((line) => line.saleId === saleId && line.lineId === lineId && line.why?.kind === 'claim')
    .reduce((sum, { why, portions = 0 }) => sum + (why?.portions ?? 0) - portions, 0)
}
