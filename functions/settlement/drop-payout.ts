import { dropPayout as route } from '#shared/contracts/settlement.ts'
import { decideDropping } from '#shared/domain/settlement/decide-transfer.ts'
import { http } from '#functions/platform/http.ts'
import { movePayout } from './move-payout.ts'
import { inWork } from './payout-in-work.ts'

export const dropPayout = http(
  route,
  async ({ params: { payoutId }, body: { words } }, { caller, now }) =>
    movePayout(
      payoutId,
      (payout) => {
        if (payout.droppedBy === caller.personId && payout.dropped?.words === words) return { kind: 'same' }
        const decision = decideDropping(inWork(payout), caller.personId)
        return decision.kind === 'refused' ? decision : { kind: 'dropped', words }
      },
      caller,
      now,
    ),
  { freshRoles: true },
)
