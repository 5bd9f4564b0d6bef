import { correctTransfer as route } from '#shared/contracts/settlement.ts'
import { decideCorrection } from '#shared/domain/settlement/decide-transfer.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { StoredTransfer } from '#functions/platform/table/items/settlement.ts'
import { movePayout, referenceUsed } from './move-payout.ts'
import { inWork, recorded } from './payout-in-work.ts'

export const correctTransfer = http(
  route,
  async ({ params: { payoutId, transferId }, body }, { caller, now }) => {
    const { personId } = caller
    const { words, seenCorrections, ...slip } = body
    return movePayout(
      payoutId,
      (payout, isReferenceUsed) => {
        const before = payout.transfers.find((each) => each.transferId === transferId)
        if (before === undefined) throw new Missing()
        if (isSame(before, slip, words, personId)) return { kind: 'same' }
        const decision = decideCorrection(inWork(payout), recorded(before), slip, personId, now)
        if (decision.kind === 'refused') return decision
        if (before.corrected.length !== seenCorrections) {
          return refused('TRANSFER_MOVED', '这笔登记刚被别人更正过，请看过再改')
        }
        if (isReferenceUsed) return referenceUsed()
        const { direction, amountFen, bankReference, transferredOn, corrected } = before
        const stood = { direction, amountFen, bankReference, transferredOn, at: now, words }
        const after: StoredTransfer = { ...before, ...slip, typedBy: personId, corrected: [...corrected, stood] }
        const isOther = slip.bankReference !== bankReference
        return {
          ...{ kind: 'transfers', words: `${slip.bankReference}：${words}`, dueBy: decision.dueBy },
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

/** As it stands already, by this person with these words: what is sent again changes nothing. */
function isSame(
  { direction, amountFen, bankReference, transferredOn, typedBy, corrected }: StoredTransfer,
  slip: Pick<StoredTransfer, 'direction' | 'amountFen' | 'bankReference' | 'transferredOn'>,
  words: string,
  personId: string,
): boolean {
  return (
    typedBy === personId &&
    corrected.at(-1)?.words === words &&
    direction === slip.direction &&
    amountFen === slip.amountFen &&
    bankReference === slip.bankReference &&
    transferredOn === slip.transferredOn
  )
}
