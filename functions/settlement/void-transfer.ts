import { voidTransfer as route } from '#shared/contracts/settlement.ts'
import { decideCorrection } from '#shared/domain/settlement/decide-transfer.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { StoredTransfer } from '#functions/platform/table/items/settlement.ts'
import { movePayout } from './move-payout.ts'
import { inWork, recorded } from './payout-in-work.ts'

export const voidTransfer = http(
  route,
  async ({ params: { payoutId, transferId }, body: { words } }, { caller, now }) => {
    const { personId } = caller
    return movePayout(
      payoutId,
      (payout) => {
        const before = payout.transfers.find((each) => each.transferId === transferId)
        if (before === undefined) throw new Missing()
        if (before.voided?.words === words && before.typedBy === personId) return { kind: 'same' }
        const decision = decideCorrection(inWork(payout), recorded(before), undefined, personId, now)
        if (decision.kind === 'refused') return decision
        const after: StoredTransfer = { ...before, voided: { at: now, words }, typedBy: personId }
        return {
          ...{ kind: 'transfers', words: `${before.bankReference}：${words}`, dueBy: decision.dueBy },
          transfers: payout.transfers.map((each) => (each === before ? after : each)),
          freed: before.bankReference,
        }
      },
      caller,
      now,
    )
  },
  { freshRoles: true },
)
