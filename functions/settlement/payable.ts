import type { PayableStatement } from '#shared/domain/settlement/decide-payout.ts'
import type { PayoutItem, StatementItem } from '#functions/platform/table/items/settlement.ts'
import { dueFenOf } from './statement-store.ts'

export function payable(statement: StatementItem): PayableStatement {
  return { ...statement, dueFen: dueFenOf(statement) }
}

export function statedIn(statements: readonly PayableStatement[]): PayoutItem['statements'] {
  return statements.map(({ groupBuyId, part, title, dueFen }) => ({ groupBuyId, part, title, dueFen }))
}

export function confirmersOf(statements: readonly StatementItem[]): string[] {
  return [...new Set(statements.flatMap(({ confirmedBy }) => confirmedBy ?? []))]
}
