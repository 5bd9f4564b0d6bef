import type { Statement, StatementSummary } from '#shared/contracts/settlement.ts'
import { transferredFen } from '#shared/domain/settlement/decide-transfer.ts'
import { decideSilence } from '#shared/domain/settlement/silent-statement.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { actsFor, type Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PayoutItem, StatementItem } from '#functions/platform/table/items/settlement.ts'
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
  return { ...summary, reports: statement.reports ?? 0, dueFen: dueFenOf(statement) }
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
    ...(payout && { payout: paidWith(payout) }),
    ...silentUntil(statement, steps.at(-1)?.at),
  }
}

function paidWith({ payoutId, amountFen, statements, transfers }: PayoutItem): Statement['payout'] {
  const statementCount = statements.length
  const moved = { transferredFen: transferredFen(transfers), transfers: transfers.map(transferView) }
  return { payoutId, amountFen, statementCount, ...moved }
}

function silentUntil(statement: StatementItem, openSinceAt: Instant | undefined): { silentUntilAt?: Instant } {
  if (openSinceAt === undefined) return {}
  const silence = decideSilence({ ...statement, dueFen: dueFenOf(statement), openSinceAt }, openSinceAt)
  return silence.kind === 'wait' ? { silentUntilAt: silence.untilAt } : {}
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
