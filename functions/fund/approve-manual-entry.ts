import { approveManualEntry as route } from '#shared/contracts/fund-manual-entries.ts'
import {
  decideApproval,
  manualMovement,
  manualRefusal,
  OPENING_POSTED,
  type ManualFacts,
} from '#shared/domain/fund/decide-manual-entry.ts'
import { assert } from '#shared/kernel/assert.ts'
import { startOfShanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { ManualEntryItem } from '#functions/platform/table/items/manual-entries.ts'
import { endWrites, getManualEntry } from './manual-entry-store.ts'
import { manualEntryView } from './manual-entry-view.ts'
import { moveFund } from './move-fund.ts'

const TRIES_MAX = 3

/** Posts in the transaction that says that it is posted: there is no entry without its two persons. */
export const approveManualEntry = http(
  route,
  async ({ params: { compoundId, manualEntryId }, body }, { caller, now }) => {
    const { personId } = caller
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const entry = await getManualEntry(compoundId, manualEntryId)
      if (entry === undefined) throw new Missing()
      const isDone = entry.state === 'posted' && entry.endedBy === personId
      if (isDone && Math.abs(entry.movedFen) === body.amountFen) return manualEntryView(entry, caller)
      const decision = decideApproval(entry, body.amountFen, personId)
      if (decision.kind === 'refused') return decision
      const posted = await post(entry, { endedAt: now, endedBy: personId })
      if (posted.kind === 'refused') return posted
      if (posted.kind === 'posted') {
        log('info', 'manual entry posted', { fundId: compoundId, kind: entry.kind, seq: posted.seq })
        return manualEntryView((await getManualEntry(compoundId, manualEntryId)) ?? entry, caller)
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

/** `again`: somebody ended it, or wrote to the fund all the while; what stands has to be read once more. */
async function post(entry: ManualEntryItem, end: { readonly endedAt: string; readonly endedBy: string }) {
  const movement = manualMovement(factsOf(entry), startOfShanghaiDay(entry.occurredOn))
  try {
    const { entries, refused } = await moveFund(entry.fundId, [movement], ([posted]) => {
      assert(posted !== undefined, 'a movement that is not refused has an entry')
      return endWrites(entry, { state: 'posted', seq: posted.seq, ...end })
    })
    const [no] = refused
    if (no !== undefined) return manualRefusal(no.code)
    const [posted] = entries
    if (posted !== undefined) return { kind: 'posted', seq: posted.seq } as const
  } catch (error) {
    if (!(error instanceof Busy)) throw error
    return { kind: 'again' } as const
  }
  // It is in the ledger already: by this very entry, or as the opening balance that another one brought.
  const now = await getManualEntry(entry.fundId, entry.manualEntryId)
  return now?.state === 'posted' ? ({ kind: 'again' } as const) : OPENING_POSTED
}

function factsOf({
  manualEntryId,
  occurredOn,
  movedFen,
  kind,
  purpose,
  coopId,
  agreementId,
}: ManualEntryItem): ManualFacts {
  const same = { manualEntryId, occurredOn, movedFen }
  if (kind !== 'in-kind') return { kind, ...same }
  assert(purpose !== undefined && coopId !== undefined && agreementId !== undefined, 'a gift in kind has its donor')
  return { kind, ...same, purpose, coopId, agreementId }
}
