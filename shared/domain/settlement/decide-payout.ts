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
  | Refused<
      'UNKNOWN_STATEMENT' | 'DUPLICATE_STATEMENT' | 'NOT_CONFIRMED' | 'FOUR_EYES' | 'OWES_BACK' | 'TOO_MANY_STATEMENTS'
    >

const sayings: Readonly<Record<Exclude<StatementState, 'confirmed'>, string>> = {
  open: '合作社还没有确认',
  disputed: '合作社有异议，还没有确认',
  paying: '已经在另一笔付款里',
  paid: '已经付过款',
  missing: '已经付过款，合作社说没有到账，还没有查清',
}

/** The payout that more statements are taken into: what it holds already, and what really moved of it. */
export type OpenPayout = {
  readonly amountFen: number
  readonly statementCount: number
  readonly transferredFen: number
  /** Of the last transfer, which what is added may even out. */
  readonly recordedBy?: string | undefined
  /** Of all its transfers. */
  readonly movedBy: readonly string[]
  /** The statements it holds: who takes more in becomes the one who prepared all of it. */
  readonly confirmedBy: readonly string[]
}
const NEW_PAYOUT: OpenPayout = { amountFen: 0, statementCount: 0, transferredFen: 0, movedBy: [], confirmedBy: [] }

/**
 * Takes statements together to be paid. `found`: the statements asked for, as far as they exist; `owing`: those of the
 * co-op by which it owes back and that are not taken off what it gets, also while the district waits for that money. When
 * nothing is left to move it is paid.
 */
export function decidePayout(
  wanted: WantedPayout,
  found: readonly PayableStatement[],
  owing: readonly PayableStatement[],
  preparerId: string,
  into: OpenPayout = NEW_PAYOUT,
): PayoutDecision {
  if (into.recordedBy === preparerId) {
    return refused('FOUR_EYES', '上一笔转账是您登记的，请由另一位把结算单并进来')
  }
  if (into.confirmedBy.includes(preparerId)) {
    return refused('FOUR_EYES', '这笔付款里有您自己确认的结算单，请由另一位把结算单并进来')
  }
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
    if (statement.confirmedBy !== undefined && into.movedBy.includes(statement.confirmedBy)) {
      return refused('FOUR_EYES', `「${statement.title}」是登记过这笔付款的人确认的，请另外准备一笔`)
    }
    statements.push(statement)
  }
  const statementCount = into.statementCount + statements.length
  if (statementCount > PAYOUT_STATEMENTS_MAX) {
    return refused('TOO_MANY_STATEMENTS', `一笔付款最多 ${PAYOUT_STATEMENTS_MAX} 张结算单`)
  }
  const amountFen = statements.reduce((sum, { dueFen }) => sum + dueFen, into.amountFen)
  // Nobody is paid while they owe: what they owe is taken off first, as far as a payout can hold it.
  const left = owing.find((each) => !wanted.statements.some((key) => isSame(each, key)))
  const isFull = statementCount === PAYOUT_STATEMENTS_MAX && statements.filter(({ dueFen }) => dueFen > 0).length <= 1
  if (amountFen > 0 && left !== undefined && !isFull) {
    const owes = `「${left.title}」合作社要退回 ¥${yuan(-left.dueFen)}`
    const how = left.state === 'paying' ? '正在收款：先放弃那笔收款再一起扣除，或并入那笔' : '要一起扣除'
    return refused('OWES_BACK', `${owes}，${how}`)
  }
  return { kind: 'decided', amountFen, state: amountFen === into.transferredFen ? 'paid' : 'prepared', statements }
}

function isSame(left: StatementKey, right: StatementKey): boolean {
  return left.groupBuyId === right.groupBuyId && left.part === right.part
}
