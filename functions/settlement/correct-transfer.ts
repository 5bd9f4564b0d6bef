import { correctTransfer as route } from '#shared/contracts/settlement.ts'
import { decideCorrection } from '#shared/domain/settlement/decide-transfer.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { StoredTransfer } from '#functions/platform/table/items/settlement.ts'
import { movePayout, referenceUsed } from './move-payout.ts'
import { inWork, recorded } from './payout-in-work.ts'

export const correctTransfer = http(
  route,
  async ({ params: { payoutId, transferId }, body }, { caller, now }) => {
    const { personId } = caller
    const { words, ...slip } = body
    return movePayout(
      payoutId,
      (payout, isReferenceUsed) => {
        const before = payout.transfers.find((each) => each.transferId === transferId)
        if (before === undefined) throw new Missing()
        if (isSame(before, slip, words, personId)) return { kind: 'same' }
        const decision = decideCorrection(inWork(payout), recorded(before), slip, personId, now)
        if (decision.kind === 'refused') return decision
        if (isReferenceUsed) return referenceUsed()
        const { amountFen, bankReference, transferredOn, corrected } = before
        const stood = { amountFen, bankReference, transferredOn, at: now, words }
        const after: StoredTransfer = { ...before, ...slip, typedBy: personId, corrected: [...corrected, stood] }
        const isOther = slip.bankReference !== bankReference
        return {
          ...{ kind: 'transfers', words: `${slip.bankReference}：${words}` },
          transfers: payout.transfers.map((each) => (each === before ? after : each)),
          ...(isOther ? { taken: slip.bankReference, freed: bankReference } : {}),
        }
      },
      caller,
      now,
    )
  },
  { freshRoles: true },
)

function isSame(
  { amountFen, bankReference, transferredOn, typedBy, corrected }: StoredTransfer,
  slip: Pick<StoredTransfer, 'amountFen' | 'bankReference' | 'transferredOn'>,
  words: string,
  personId: string,
): boolean {
  return (
    typedBy === personId &&
    corrected.at(-1)?.words === words &&
    amountFen === slip.amountFen &&
    bankReference === slip.bankReference &&
    transferredOn === slip.transferredOn
  )
}
