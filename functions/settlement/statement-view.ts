import type { Statement, StatementSummary } from '#shared/contracts/settlement.ts'
import { actsFor, type Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { StatementItem } from '#functions/platform/table/items/settlement.ts'
import { getPayout } from './payout-store.ts'
import { transferView } from './payout-view.ts'
import { dueFenOf, getStatementItem, loadDetails } from './statement-store.ts'

/** Who confirmed it stays behind: a name is nobody's business here. */
export function statementSummary(statement: StatementItem): StatementSummary {
  const {
    entity: _entity,
    v: _v,
    steps: _steps,
    confirmedBy: _confirmedBy,
    disputes: _disputes,
    ...summary
  } = statement
  return { ...summary, dueFen: dueFenOf(statement) }
}

export async function statementView(statement: StatementItem): Promise<Statement> {
  const [{ rows, steps }, payout] = await Promise.all([
    loadDetails(statement),
    statement.payoutId === undefined ? undefined : getPayout(statement.payoutId),
  ])
  const { entity: _entity, v: _v, ...shown } = rows
  return {
    ...statementSummary(statement),
    ...shown,
    steps: steps.map(({ step, at, by, words, dueFen }) => ({
      ...{ step, at, by, dueFen },
      ...(words === undefined ? {} : { words }),
    })),
    ...(payout && { payout: { payoutId: payout.payoutId, transfers: payout.transfers.map(transferView) } }),
  }
}

/** The statement, for members of its co-op and the district; for everybody else it does not exist. */
export async function visibleStatement(
  { groupBuyId, part }: { readonly groupBuyId: string; readonly part: number },
  caller: Caller,
): Promise<StatementItem> {
  const statement = await getStatementItem(groupBuyId, part)
  if (statement === undefined || !actsFor(caller, statement.coopId)) throw new Missing()
  return statement
}
