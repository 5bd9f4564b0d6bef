import { recordPayout as route } from '#shared/contracts/settlement.ts'
import { decidePayout, type PayoutDecision } from '#shared/domain/settlement/decide-payout.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import type { PayoutItem } from '#functions/platform/table/items/settlement.ts'
import { getPayout, savePayout } from './payout-store.ts'
import { payoutView } from './payout-view.ts'
import { dueFenOf, loadTheseStatements } from './statement-store.ts'

const TRIES_MAX = 6

export const recordPayout = http(
  route,
  async ({ params: { payoutId }, body }, { caller, now }) => {
    const bodyHash = hashBody([body, caller.personId])
    let refusal: Extract<PayoutDecision, { kind: 'refused' }> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const earlier = await getPayout(payoutId)
      if (earlier !== undefined) {
        if (earlier.bodyHash === bodyHash) return payoutView(earlier)
        return refused('PAYOUT_ID_REUSED', '这个付款号已用于另一笔付款')
      }
      if (refusal !== undefined) return refusal
      const statements = await loadTheseStatements(body.statements)
      const payable = statements.map((statement) => ({ ...statement, dueFen: dueFenOf(statement) }))
      const decision = decidePayout(body, payable, caller.personId, now)
      // What is paid already may have been paid by this very request, sent twice at once: look once more.
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      const payout: PayoutItem = {
        ...{ entity: 'payout', v: 1, payoutId, state: 'paid', coopId: body.coopId, amountFen: decision.amountFen },
        ...{ bankReference: body.bankReference, paidOn: body.paidOn, recordedAt: now },
        ...{ recordedBy: caller.personId, bodyHash },
        statements: decision.statements.map(({ groupBuyId, part, dueFen }) => ({ groupBuyId, part, dueFen })),
      }
      const saved = await savePayout(payout, statements)
      if (saved === 'done') return payoutView(payout)
      if (saved === 'reference-used' && (await getPayout(payoutId)) === undefined) {
        return refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个流水号已经登记过，请核对' })
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
