import type { Statement } from '#shared/contracts/settlement.ts'
import { decideAnswer } from '#shared/domain/settlement/answer-statement.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { StatementItem, StatementStepItem } from '#functions/platform/table/items/settlement.ts'
import { transact } from '#functions/platform/table/table.ts'
import { watchSettlement } from '#functions/platform/table/watch-settlement.ts'
import { getStatementItem, lastStep, moveWrites } from './statement-store.ts'
import { statementView } from './statement-view.ts'

const TRIES_MAX = 6

export type Answering = {
  readonly to: 'confirmed' | 'disputed' | 'open'
  readonly step: 'confirmed' | 'disputed' | 'answered'
  readonly side: 'coop' | 'district'
  readonly version: number
  readonly words?: string
}

/** What a person says to a statement, once: the same words of the same person again are answered by what stands. */
export async function answerStatement<Code extends string = never>(
  params: { readonly groupBuyId: string; readonly part: number },
  answering: Answering,
  caller: Caller,
  now: Instant,
  refuse: (statement: StatementItem) => Refused<Code> | undefined = () => undefined,
): Promise<Statement | Refused<Code | 'STATEMENT_MOVED' | 'WRONG_STATE'>> {
  const { to, step, side, version, words } = answering
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const statement = await getStatementItem(params.groupBuyId, params.part)
    if (statement === undefined || !speaksFor(side, caller, statement)) throw new Missing()
    if (statement.state === to && isSame(await lastStep(statement), answering, caller)) return statementView(statement)
    const decision = decideAnswer(statement, to, version)
    if (decision.kind === 'refused') return decision
    const refusal = refuse(statement)
    if (refusal !== undefined) return refusal
    const said = { step, at: now, by: side, personId: caller.personId, ...(words === undefined ? {} : { words }) }
    const signed = to === 'confirmed' ? { confirmedBy: caller.personId } : {}
    const counted = to === 'disputed' ? { disputes: statement.disputes + 1 } : {}
    const saved = await transact([
      ...moveWrites(statement, { state: to, ...signed, ...counted }, said),
      // The clock looks whether the co-op is silent about it from now on.
      ...(to === 'open'
        ? [watchSettlement(params.groupBuyId, `answered-${statement.part}-${statement.steps}`, now)]
        : []),
    ])
    const after = saved.kind === 'done' ? await getStatementItem(params.groupBuyId, params.part) : undefined
    if (after !== undefined) return statementView(after)
  }
  throw new Busy()
}

/** Who administers the district does not sign for a co-op. */
export function speaksFor(side: Answering['side'], caller: Caller, { coopId }: StatementItem): boolean {
  return side === 'coop' ? hasRole(caller, 'coop', coopId) : isAdmin(caller)
}

export function isSame(
  last: StatementStepItem | undefined,
  { step, words }: Pick<StatementStepItem, 'step' | 'words'>,
  { personId }: Caller,
): boolean {
  return last?.step === step && last.personId === personId && last.words === words
}
