import type { ClaimReason } from '../../contracts/claims.ts'
import { type Fen, fen, yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { portionsOwed } from '../../kernel/owed.ts'
import { HOUR_MS, type Instant, plusMs } from '../../kernel/time.ts'
import { type ClaimableLine, moneyForClaimed, portionsKept } from '../../kernel/claimed.ts'

/** Whoever waits longer is shown to the worker as overdue. */
export const CLAIM_OVERDUE_HOURS = 72

export function isOverdue(claim: { readonly state: string; readonly filedAt: Instant }, now: Instant): boolean {
  return claim.state === 'open' && plusMs(claim.filedAt, CLAIM_OVERDUE_HOURS * HOUR_MS) <= now
}

/** Money for portions, or a part of the price. */
export type AcceptedLine = {
  readonly lineId: string
  readonly portions?: number | undefined
  readonly amountFen?: Fen | undefined
}

export type ClaimToDecide = {
  readonly claimId: string
  readonly saleId: string
  readonly reason: ClaimReason
  readonly lines: readonly { readonly lineId: string; readonly portions: number }[]
}

export type ClaimedLineNow = ClaimableLine & {
  readonly lineId: string
  readonly name: string
  readonly handedOut: number
}

/** What goes back of one line; `portions` that will not be handed out any more. */
export type ClaimRefund = {
  readonly saleId: string
  readonly lineId: string
  readonly amountFen: Fen
  readonly portions?: number
  readonly why: {
    readonly kind: 'claim'
    readonly claimId: string
    readonly reason: ClaimReason
    readonly portions?: number
  }
}

export type AcceptDecision =
  | { readonly kind: 'accepted'; readonly wanted: readonly ClaimRefund[] }
  | Refused<'UNKNOWN_LINE' | 'DUPLICATE_LINE' | 'TOO_MANY_PORTIONS' | 'REFUND_TOO_LARGE'>

/**
 * What goes back when a worker accepts a claim: at most the portions that were claimed, of the lines that were claimed for.
 * Portions that still lie at the counter are not handed out any more.
 */
export function decideAccept(
  claim: ClaimToDecide,
  lines: readonly ClaimedLineNow[],
  accepted: readonly AcceptedLine[],
): AcceptDecision {
  if (new Set(accepted.map(({ lineId }) => lineId)).size !== accepted.length) {
    return refused('DUPLICATE_LINE', '同一样商品只写一次')
  }
  const wanted: ClaimRefund[] = []
  for (const { lineId, portions, amountFen } of accepted) {
    const claimed = claim.lines.find((each) => each.lineId === lineId)
    const line = lines.find((each) => each.lineId === lineId)
    if (claimed === undefined || line === undefined) return refused('UNKNOWN_LINE', '居民没有申请这一样')
    const most = Math.min(claimed.portions, portionsKept(line))
    const what = { saleId: claim.saleId, lineId }
    const why = { kind: 'claim', claimId: claim.claimId, reason: claim.reason } as const
    if (portions !== undefined) {
      if (portions > most) return tooMany(line, most)
      const lying = Math.max(0, portionsOwed(line) - line.handedOut)
      const money = moneyForClaimed(line, portions)
      wanted.push({ ...what, amountFen: money, portions: Math.min(portions, lying), why: { ...why, portions } })
    } else {
      const mostFen = most === 0 ? fen(0) : moneyForClaimed(line, most)
      if (amountFen === undefined || amountFen > mostFen) return tooMuch(line, mostFen)
      wanted.push({ ...what, amountFen, why })
    }
  }
  return { kind: 'accepted', wanted }
}

function tooMany({ lineId, name }: ClaimedLineNow, most: number) {
  const text = most === 0 ? '已经全部退款' : `最多 ${most} 份`
  return refused('TOO_MANY_PORTIONS', `「${name}」${text}`, { [lineId]: text })
}

function tooMuch({ lineId, name }: ClaimedLineNow, mostFen: Fen) {
  const text = `最多 ¥${yuan(mostFen)}`
  return refused('REFUND_TOO_LARGE', `「${name}」${text}`, { [lineId]: text })
}
