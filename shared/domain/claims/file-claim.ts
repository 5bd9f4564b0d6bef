import { CLAIMS_PER_SHARE_MAX } from '../../contracts/claims.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { claimWindow, type ClaimTimes } from './claim-window.ts'
import { type ClaimableLine, portionsKept } from '../../kernel/claimed.ts'

export type ClaimedLine = { readonly lineId: string; readonly portions: number }

export type ClaimFacts = {
  readonly orderState: string
  /** Absent: the order has no such share. */
  readonly share:
    | (Omit<ClaimTimes, 'lines'> & {
        readonly claimCount: number
        readonly lines: readonly (ClaimableLine & {
          readonly lineId: string
          readonly name: string
          readonly handedOut: number
        })[]
      })
    | undefined
}

export type FileDecision =
  | { readonly kind: 'filed' }
  | Refused<
      | 'ORDER_NOT_PAID'
      | 'CLAIM_NOT_YET'
      | 'CLAIM_WINDOW_OVER'
      | 'TOO_MANY_PORTIONS'
      | 'TOO_MANY_CLAIMS'
      | 'UNKNOWN_LINE'
      | 'DUPLICATE_LINE'
    >

export function decideFileClaim(
  { orderState, share }: ClaimFacts,
  lines: readonly ClaimedLine[],
  now: Instant,
): FileDecision {
  if (orderState !== 'paid') return refused('ORDER_NOT_PAID', '这个订单还没有付款')
  if (share === undefined) return refused('UNKNOWN_LINE', '订单里没有这一行')
  const window = claimWindow(share, now)
  if (window === 'not-yet') return refused('CLAIM_NOT_YET', '还没到取货的时候，拿到菜以后再说')
  if (window === 'over') return refused('CLAIM_WINDOW_OVER', '售后期已过，不能再申请了，请直接联系社区工作人员')
  if (new Set(lines.map(({ lineId }) => lineId)).size !== lines.length) {
    return refused('DUPLICATE_LINE', '同一样商品只写一次')
  }
  for (const { lineId, portions } of lines) {
    const line = share.lines.find((each) => each.lineId === lineId)
    if (line === undefined) return refused('UNKNOWN_LINE', '订单里没有这一行')
    const kept = portionsKept(line)
    if (portions > kept) {
      const most = kept === 0 ? '已经全部退款' : `最多 ${kept} 份`
      return refused('TOO_MANY_PORTIONS', `「${line.name}」${most}`, { [lineId]: most })
    }
  }
  if (share.claimCount >= CLAIMS_PER_SHARE_MAX) {
    return refused('TOO_MANY_CLAIMS', '这一单申请售后的次数太多了，请直接联系社区工作人员')
  }
  return { kind: 'filed' }
}
