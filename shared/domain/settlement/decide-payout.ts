import { PAYOUT_RECORDED_WITHIN_DAYS, type StatementState } from '../../contracts/settlement.ts'
import { type Fen, fen, yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'

export type PayableStatement = {
  readonly groupBuyId: string
  readonly part: number
  readonly coopId: string
  readonly title: string
  readonly state: StatementState
  readonly dueFen: number
  readonly confirmedBy?: string | undefined
}

export type WantedPayout = {
  readonly coopId: string
  readonly statements: readonly { readonly groupBuyId: string; readonly part: number }[]
  /** As typed from the bank's slip. */
  readonly amountFen: Fen
  readonly paidOn: ShanghaiDay
}

export type PayoutDecision =
  | { readonly kind: 'decided'; readonly amountFen: Fen; readonly statements: readonly PayableStatement[] }
  | Refused<
      | 'UNKNOWN_STATEMENT'
      | 'DUPLICATE_STATEMENT'
      | 'NOT_CONFIRMED'
      | 'FOUR_EYES'
      | 'NOTHING_TO_PAY'
      | 'SUM_DIFFERS'
      | 'BAD_DAY'
    >

/** `found`: the statements asked for, as far as they exist. A statement may owe less than nothing: it is netted here. */
export function decidePayout(
  wanted: WantedPayout,
  found: readonly PayableStatement[],
  payerId: string,
  now: Instant,
): PayoutDecision {
  const { paidOn } = wanted
  const today = shanghaiDay(now)
  if (paidOn > today || paidOn < plusDays(today, -PAYOUT_RECORDED_WITHIN_DAYS)) {
    return refused('BAD_DAY', undefined, { paidOn: `付款日期要在今天和 ${PAYOUT_RECORDED_WITHIN_DAYS} 天前之间` })
  }
  const statements: PayableStatement[] = []
  for (const { groupBuyId, part } of wanted.statements) {
    const statement = found.find((each) => each.groupBuyId === groupBuyId && each.part === part)
    if (statement === undefined || statement.coopId !== wanted.coopId) {
      return refused('UNKNOWN_STATEMENT', '有一张结算单不是这家合作社的')
    }
    if (statements.includes(statement)) return refused('DUPLICATE_STATEMENT', `「${statement.title}」选了两次`)
    if (statement.state === 'paid') return refused('NOT_CONFIRMED', `「${statement.title}」已经付过款`)
    if (statement.state !== 'confirmed') return refused('NOT_CONFIRMED', `「${statement.title}」合作社还没有确认`)
    // Persons, not roles: one may be both in the co-op and in the district's office.
    if (statement.confirmedBy === payerId) {
      return refused('FOUR_EYES', `「${statement.title}」是您自己确认的，请由另一位付款`)
    }
    statements.push(statement)
  }
  const amountFen = fen(statements.reduce((sum, statement) => sum + statement.dueFen, 0))
  if (amountFen <= 0) return refused('NOTHING_TO_PAY', '这些结算单合起来没有要付的钱，请和下一张一起付')
  if (amountFen !== wanted.amountFen) {
    return refused('SUM_DIFFERS', undefined, { amountFen: `这些结算单合计 ¥${yuan(amountFen)}，请核对转账金额` })
  }
  return { kind: 'decided', amountFen, statements }
}
