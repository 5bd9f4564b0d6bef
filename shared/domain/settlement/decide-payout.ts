import { PAYOUT_STATEMENTS_MAX, type PayoutState, type StatementState } from '../../contracts/settlement.ts'
import { yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'

export type PayableStatement = {
  readonly groupBuyId: string
  readonly part: number
  readonly coopId: string
  readonly title: string
  readonly state: StatementState
  /** Below nothing: the co-op owes it back. */
  readonly dueFen: number
  readonly confirmedBy?: string | undefined
}

type StatementKey = { readonly groupBuyId: string; readonly part: number }

export type WantedPayout = { readonly coopId: string; readonly statements: readonly StatementKey[] }

export type PayoutDecision =
  | {
      readonly kind: 'decided'
      readonly amountFen: number
      readonly state: Extract<PayoutState, 'prepared' | 'paid'>
      readonly statements: readonly PayableStatement[]
    }
  | Refused<'UNKNOWN_STATEMENT' | 'DUPLICATE_STATEMENT' | 'NOT_CONFIRMED' | 'FOUR_EYES' | 'OWES_BACK'>

const sayings: Readonly<Record<Exclude<StatementState, 'confirmed'>, string>> = {
  open: '合作社还没有确认',
  disputed: '合作社有异议，还没有确认',
  paying: '已经在另一笔付款里',
  paid: '已经付过款',
}

/**
 * Takes statements together to be paid. `found`: the statements asked for, as far as they exist; `owing`: those of the
 * co-op by which it owes back and that nobody has taken off yet. When the sum is nothing there is no money to move.
 */
export function decidePayout(
  wanted: WantedPayout,
  found: readonly PayableStatement[],
  owing: readonly PayableStatement[],
  preparerId: string,
): PayoutDecision {
  const statements: PayableStatement[] = []
  for (const key of wanted.statements) {
    const statement = found.find((each) => isSame(each, key))
    if (statement === undefined || statement.coopId !== wanted.coopId) {
      return refused('UNKNOWN_STATEMENT', '有一张结算单不是这家合作社的')
    }
    if (statements.includes(statement)) return refused('DUPLICATE_STATEMENT', `「${statement.title}」选了两次`)
    if (statement.state !== 'confirmed') {
      return refused('NOT_CONFIRMED', `「${statement.title}」${sayings[statement.state]}`)
    }
    // Persons, not roles: one may be both in the co-op and in the district's office.
    if (statement.confirmedBy === preparerId) {
      return refused('FOUR_EYES', `「${statement.title}」是您自己确认的，请由另一位付款`)
    }
    statements.push(statement)
  }
  const amountFen = statements.reduce((sum, { dueFen }) => sum + dueFen, 0)
  // Nobody is paid while they owe: what they owe is taken off first.
  const left = owing.find((each) => !wanted.statements.some((key) => isSame(each, key)))
  if (amountFen > 0 && left !== undefined && statements.length < PAYOUT_STATEMENTS_MAX) {
    return refused('OWES_BACK', `「${left.title}」合作社要退回 ¥${yuan(-left.dueFen)}，要一起扣除`)
  }
  return { kind: 'decided', amountFen, state: amountFen === 0 ? 'paid' : 'prepared', statements }
}

function isSame(left: StatementKey, right: StatementKey): boolean {
  return left.groupBuyId === right.groupBuyId && left.part === right.part
}
