import { returnPayout as route } from '#shared/contracts/settlement.ts'
import { mayBecome } from '#shared/domain/settlement/statement-states.ts'
import { assert } from '#shared/kernel/assert.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getPayout, saveReturned } from './payout-store.ts'
import { payoutView } from './payout-view.ts'
import { loadTheseStatements } from './statement-store.ts'

const TRIES_MAX = 6

export const returnPayout = http(
  route,
  async ({ params: { payoutId }, body: { words } }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const payout = await getPayout(payoutId)
      if (payout === undefined) throw new Missing()
      if (payout.state === 'returned') return payoutView(payout)
      const statements = await loadTheseStatements(payout.statements)
      const returned = { at: now, words }
      const stand = statements.every((each) => each.payoutId === payoutId && mayBecome(each.state, 'confirmed'))
      // Read after the payout: it may have been returned in between.
      if (!stand) continue
      assert(statements.length === payout.statements.length, 'a payout pays statements that exist')
      const saved = await saveReturned(payout, returned, caller.personId, statements)
      if (saved.kind === 'done') return payoutView({ ...payout, state: 'returned', returned })
    }
    throw new Busy()
  },
  { freshRoles: true },
)
