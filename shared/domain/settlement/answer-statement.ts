import { type StatementState, STATEMENT_DISPUTES_MAX } from '../../contracts/settlement.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { mayBecome } from './statement-states.ts'

export type AnsweredStatement = { readonly state: StatementState; readonly version: number; readonly disputes: number }

const sayings: Readonly<Record<StatementState, string>> = {
  open: '这张结算单还在等合作社确认',
  confirmed: '这张结算单已经确认，不能再改',
  disputed: '这张结算单有异议，正等区里答复',
  paying: '这张结算单正在付款',
  paid: '这张结算单已经付款',
  missing: '这张结算单已经付款，钱没有到账，正等区里查',
}

/** Whether a person who saw this version may lead a statement to that state now. */
export function decideAnswer(
  statement: AnsweredStatement,
  to: StatementState,
  seenVersion: number,
): { readonly kind: 'decided' } | Refused<'STATEMENT_MOVED' | 'WRONG_STATE'> {
  if (!mayBecome(statement.state, to)) return refused('WRONG_STATE', sayings[statement.state])
  if (statement.version !== seenVersion) {
    return refused('STATEMENT_MOVED', '金额刚有变化，请按新的金额再看一遍')
  }
  return { kind: 'decided' }
}

/** A quarrel that goes on and on is not one for a form. */
export function refuseEndless({
  disputes,
}: Pick<AnsweredStatement, 'disputes'>): Refused<'TOO_MANY_STEPS'> | undefined {
  if (disputes < STATEMENT_DISPUTES_MAX) return undefined
  return refused('TOO_MANY_STEPS', '来回次数太多，请打电话商量')
}
