import { preparePayout as route } from '#shared/contracts/settlement.ts'
import { decidePayout, type PayoutDecision } from '#shared/domain/settlement/decide-payout.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import type { PayoutItem } from '#functions/platform/table/items/settlement.ts'
import { confirmersOf, payable, statedIn } from './payable.ts'
import { addPayout, getPayout, loadOwing } from './payout-store.ts'
import { payoutView } from './payout-view.ts'
import { loadTheseStatements } from './statement-store.ts'

const TRIES_MAX = 6

export const preparePayout = http(
  route,
  async ({ params: { payoutId }, body }, { caller: { personId }, now }) => {
    const bodyHash = hashBody([body, personId])
    let refusal: Extract<PayoutDecision, { kind: 'refused' }> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const earlier = await getPayout(payoutId)
      if (earlier !== undefined) {
        if (earlier.bodyHash === bodyHash) return payoutView(earlier, personId)
        return refused('PAYOUT_ID_REUSED', '这个付款号已用于另一笔付款')
      }
      if (refusal !== undefined) return refusal
      const [statements, owing] = await Promise.all([loadTheseStatements(body.statements), loadOwing(body.coopId)])
      const decision = decidePayout(body, statements.map(payable), owing.map(payable), personId)
      // What is held already may be held by this very request, sent twice at once: look once more.
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      const [first] = statements
      assert(first !== undefined, 'a payout pays something')
      const payout: PayoutItem = {
        ...{ entity: 'payout', v: 1, payoutId, version: 1, coopId: body.coopId, coopName: first.coopName },
        ...{ state: decision.state, amountFen: decision.amountFen, transfers: [], bodyHash },
        ...{ preparedAt: now, preparedBy: personId, dueBy: personId, confirmedBy: confirmersOf(statements) },
        statements: statedIn(decision.statements),
      }
      if ((await addPayout(payout, statements)).kind === 'done') return payoutView(payout, personId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
