import type { Statement } from '#shared/contracts/settlement.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PayoutItem, StatementItem } from '#functions/platform/table/items/settlement.ts'
import { isSame, speaksFor } from './answer-statement.ts'
import { changeReport, getPayout } from './payout-store.ts'
import { getStatementItem, lastStep } from './statement-store.ts'
import { statementView } from './statement-view.ts'

const TRIES_MAX = 6

type Said = { readonly step: 'missing' | 'traced'; readonly words: string }
type Found = {
  readonly statement: StatementItem & { readonly reports: number; readonly reportedBy: string | undefined }
  readonly payout: PayoutItem | undefined
}

/** What is said about money that did not come, once: the same words of the same person again are answered by what stands. */
export async function sayMissing<Code extends string>(
  params: { readonly groupBuyId: string; readonly part: number },
  { step, words }: Said,
  caller: Caller,
  now: Instant,
  decide: (found: Found) => { readonly kind: 'decided' } | Refused<Code>,
): Promise<Statement | Refused<Code>> {
  const isMissing = step === 'missing'
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const statement = await getStatementItem(params.groupBuyId, params.part)
    if (statement === undefined || !speaksFor(isMissing ? 'coop' : 'district', caller, statement)) throw new Missing()
    const [last, payout] = await Promise.all([
      lastStep(statement),
      statement.payoutId === undefined ? undefined : getPayout(statement.payoutId),
    ])
    const isSaid = statement.state === (isMissing ? 'missing' : 'paid')
    if (isSaid && isSame(last, { step, words }, caller)) return statementView(statement)
    // As long as it is missing, nothing has happened to it since it was reported.
    const reportedBy = statement.state === 'missing' ? last?.personId : undefined
    const decision = decide({ statement: { ...statement, reports: statement.reports ?? 0, reportedBy }, payout })
    if (decision.kind === 'refused') return decision
    assert(payout !== undefined, 'what is paid is paid by a payout')
    const said = { at: now, personId: caller.personId, words, isMissing }
    const after = (await changeReport(payout, statement, said))
      ? await getStatementItem(params.groupBuyId, params.part)
      : undefined
    if (after !== undefined) return statementView(after)
  }
  throw new Busy()
}
