import { extendPayout as route } from '#shared/contracts/settlement.ts'
import { decidePayout, type PayoutDecision } from '#shared/domain/settlement/decide-payout.ts'
import { transferredFen } from '#shared/domain/settlement/decide-transfer.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { changePayout, getPayout, loadOwing } from './payout-store.ts'
import { confirmersOf, payable, statedIn } from './payable.ts'
import { payoutView } from './payout-view.ts'
import { loadTheseStatements } from './statement-store.ts'

const TRIES_MAX = 6

export const extendPayout = http(
  route,
  async ({ params: { payoutId }, body }, { caller: { personId }, now }) => {
    let refusal: Extract<PayoutDecision, { kind: 'refused' }> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const payout = await getPayout(payoutId)
      if (payout === undefined) throw new Missing()
      const holds = body.statements.every((key) =>
        payout.statements.some(({ groupBuyId, part }) => groupBuyId === key.groupBuyId && part === key.part),
      )
      if (holds && payout.preparedBy === personId) return payoutView(payout, personId)
      if (refusal !== undefined) return refusal
      if (payout.state !== 'prepared') return refused('WRONG_STATE', '这笔付款不在等转账，请另外准备一笔')
      const { coopId, amountFen, transfers, statements: held } = payout
      const [added, owing] = await Promise.all([loadTheseStatements(body.statements), loadOwing(coopId, payoutId)])
      const into = {
        ...{ amountFen, statementCount: held.length, transferredFen: transferredFen(transfers) },
        movedBy: transfers.flatMap(({ recordedBy, typedBy }) => [recordedBy, typedBy]),
        confirmedBy: payout.confirmedBy,
        recordedBy: transfers.findLast(({ voided }) => voided === undefined)?.recordedBy,
      }
      const wanted = { coopId, statements: body.statements }
      const decision = decidePayout(wanted, added.map(payable), owing.map(payable), personId, into)
      // What is held already may be held by this very request, sent twice at once: look once more.
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      const { state } = decision
      const said = { at: now, personId }
      const change = {
        ...{ state, amountFen: decision.amountFen, preparedBy: personId, dueBy: personId },
        statements: [...held, ...statedIn(decision.statements)],
        confirmedBy: [...new Set([...payout.confirmedBy, ...confirmersOf(added)])],
      }
      const isPaid = state === 'paid'
      const saved = await changePayout(payout, change, {}, [
        {
          statements: added,
          move: isPaid ? { to: 'paid', step: 'paid', ...said } : { to: 'paying', step: 'prepared', ...said },
        },
        // With what is added the money that moved already is all there was to move.
        ...(isPaid
          ? [{ statements: await loadTheseStatements(held), move: { to: 'paid', step: 'paid', ...said } as const }]
          : []),
      ])
      if (saved.kind === 'done') return payoutView(saved.payout, personId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
