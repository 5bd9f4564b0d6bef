import { CASH_COUNTS_A_DAY_MAX, CASH_REASON_MIN } from '../../contracts/cash.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import type { BookDay, Till } from '../../kernel/cash-book.ts'

export type CountDecision =
  | { readonly kind: 'counted'; readonly expectedFen: number; readonly differenceFen: number }
  | Refused<'CASH_MOVED' | 'CASH_LAID_OUT' | 'TOO_MANY_COUNTS' | 'CASH_DIFFERS'>

/**
 * A count of the drawer. What it should hold is in no refusal: whoever has to find the difference counts again. What is not
 * as it should be stays, with its reason; it is never made to fit.
 */
export function decideCount(
  till: Till,
  day: Pick<BookDay, 'countCount'> | undefined,
  count: { readonly version: number; readonly countedFen: number; readonly words?: string | undefined },
): CountDecision {
  if (till.version !== count.version) return refused('CASH_MOVED', '刚有现金进出，请重新点一遍')
  // The drawer is empty and somebody waits for their own money: that is put in first, so that the book equals the drawer.
  if (till.balanceFen < 0) return refused('CASH_LAID_OUT', '有人垫了钱，请先登记补入，再清点')
  if ((day?.countCount ?? 0) >= CASH_COUNTS_A_DAY_MAX) {
    return refused('TOO_MANY_COUNTS', `一天最多登记 ${CASH_COUNTS_A_DAY_MAX} 次清点`)
  }
  const differenceFen = count.countedFen - till.balanceFen
  if (differenceFen !== 0 && [...(count.words ?? '')].length < CASH_REASON_MIN) {
    const again = '和账上对不上，请重点一遍。钱已经送银行还没登记的，先登记存款再清点；还是这个数就写明原因'
    return refused('CASH_DIFFERS', again, { countedFen: '请重点一遍', words: '还是这个数，就写明原因（两个字以上）' })
  }
  return { kind: 'counted', expectedFen: till.balanceFen, differenceFen }
}
