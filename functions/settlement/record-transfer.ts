import { recordTransfer as route } from '#shared/contracts/settlement.ts'
import { decideTransfer } from '#shared/domain/settlement/decide-transfer.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import type { StoredTransfer } from '#functions/platform/table/items/settlement.ts'
import { movePayout, referenceUsed } from './move-payout.ts'
import { inWork } from './payout-in-work.ts'

export const recordTransfer = http(
  route,
  async ({ params: { payoutId, transferId }, body }, { caller, now }) => {
    const { personId } = caller
    return movePayout(
      payoutId,
      (payout, isReferenceUsed) => {
        const earlier = payout.transfers.find((each) => each.transferId === transferId)
        if (earlier !== undefined) {
          if (isSame(earlier, body, personId)) return { kind: 'same' }
          return refused('TRANSFER_ID_REUSED', '这个登记号已用于另一笔转账')
        }
        const decision = decideTransfer(inWork(payout), body, personId, now)
        if (decision.kind === 'refused') return decision
        if (isReferenceUsed) return referenceUsed()
        const transfer: StoredTransfer = {
          ...{ transferId, ...body, recordedAt: now, corrected: [], recordedBy: personId, typedBy: personId },
        }
        const { bankReference, words } = body
        return {
          dueBy: decision.dueBy,
          ...{ kind: 'transfers', transfers: [...payout.transfers, transfer], taken: bankReference },
          words: words === undefined ? bankReference : `${bankReference}：${words}`,
        }
      },
      caller,
      now,
    )
  },
  { freshRoles: true },
)

/** As it was recorded, whatever was put right since. */
function isSame(
  transfer: StoredTransfer,
  body: Pick<StoredTransfer, 'direction' | 'amountFen' | 'bankReference' | 'transferredOn' | 'words'>,
  personId: string,
): boolean {
  const first = transfer.corrected[0] ?? transfer
  return (
    transfer.recordedBy === personId &&
    first.direction === body.direction &&
    transfer.words === body.words &&
    first.amountFen === body.amountFen &&
    first.bankReference === body.bankReference &&
    first.transferredOn === body.transferredOn
  )
}
