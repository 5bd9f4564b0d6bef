import { type StatementState, STATEMENT_DISPUTES_MAX } from '../../contracts/settlement.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import type { PayoutInWork, RecordedTransfer } from './decide-transfer.ts'
import { mayBecome } from './statement-states.ts'

type Reported = { readonly state: StatementState; readonly reports: number }
type Payout = Pick<PayoutInWork, 'amountFen' | 'confirmedBy'> & {
  readonly transfers: readonly Pick<RecordedTransfer, 'recordedBy' | 'voided'>[]
}
type Decided = { readonly kind: 'decided' }

/** Whether a member of the co-op may say that the money of a statement did not come: one report at a time. */
export function decideReport(
  statement: Reported,
  payout: Payout | undefined,
  seenReports: number,
): Decided | Refused<'WRONG_STATE' | 'STATEMENT_MOVED' | 'NOTHING_SENT' | 'TOO_MANY_STEPS'> {
  if (!mayBecome(statement.state, 'missing')) {
    const isOpen = statement.state === 'missing'
    return refused('WRONG_STATE', isOpen ? '已经说过钱没有到账，正等区里答复' : '这张结算单还没有付清')
  }
  if (statement.reports !== seenReports) return moved()
  if (payout === undefined || payout.amountFen <= 0) {
    return refused('NOTHING_SENT', '这笔付款没有钱要转给合作社')
  }
  if (statement.reports >= STATEMENT_DISPUTES_MAX) return refused('TOO_MANY_STEPS', '来回次数太多，请打电话商量')
  return { kind: 'decided' }
}

/** Whether an administrator may answer a report with the bank's evidence: not for their own transfer, nor their own words. */
export function decideTrace(
  statement: Reported & { readonly reportedBy: string | undefined },
  payout: Payout | undefined,
  tracerId: string,
  seenReports: number,
): Decided | Refused<'WRONG_STATE' | 'STATEMENT_MOVED' | 'FOUR_EYES'> {
  if (statement.state !== 'missing' || payout === undefined) {
    return refused('WRONG_STATE', '合作社没有说钱没到账，或者已经答复过')
  }
  if (statement.reports !== seenReports) return moved()
  const { confirmedBy, transfers } = payout
  if (transfers.findLast(({ voided }) => voided === undefined)?.recordedBy === tracerId) {
    return refused('FOUR_EYES', '转账是您登记的，请由另一位对着银行凭证答复')
  }
  if (statement.reportedBy === tracerId || confirmedBy.includes(tracerId)) {
    return refused('FOUR_EYES', '您替合作社确认或报告过，请由另一位答复')
  }
  return { kind: 'decided' }
}

function moved(): Refused<'STATEMENT_MOVED'> {
  return refused('STATEMENT_MOVED', '这张结算单刚有变化，请看过再写')
}
