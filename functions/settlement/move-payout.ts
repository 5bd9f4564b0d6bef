import type { Payout } from '#shared/contracts/settlement.ts'
import { stateByTransfers } from '#shared/domain/settlement/decide-transfer.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PayoutItem, StoredTransfer } from '#functions/platform/table/items/settlement.ts'
import { changePayout, getPayout } from './payout-store.ts'
import { payoutView } from './payout-view.ts'
import { loadTheseStatements } from './statement-store.ts'

const TRIES_MAX = 6

export type MovedPayout<Code extends string> =
  /** It happened before, by this very request. */
  | { readonly kind: 'same' }
  | {
      readonly kind: 'transfers'
      readonly transfers: StoredTransfer[]
      readonly words: string
      readonly dueBy: string
      readonly taken?: string | undefined
      readonly freed?: string | undefined
    }
  | { readonly kind: 'dropped'; readonly words: string }
  | Refused<Code>

/**
 * Leads a payout on, and its statements with it, if nothing happened to it since it was read; else decides again.
 * `isReferenceUsed`: the first look found the slip's number taken, by another slip or by this very request sent twice.
 */
export async function movePayout<Code extends string>(
  payoutId: string,
  decide: (payout: PayoutItem, isReferenceUsed: boolean) => MovedPayout<Code>,
  { personId }: Caller,
  now: Instant,
): Promise<Payout | Refused<Code>> {
  let isReferenceUsed = false
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const payout = await getPayout(payoutId)
    if (payout === undefined) throw new Missing()
    const moved = decide(payout, isReferenceUsed)
    if (moved.kind === 'refused') return moved
    if (moved.kind === 'same') return payoutView(payout, personId)
    const said = { at: now, personId, words: moved.words }
    const saved = await (moved.kind === 'dropped' ? drop(payout, said) : transfer(payout, moved, said))
    if (saved.kind === 'done') return payoutView(saved.payout, personId)
    isReferenceUsed = saved.kind === 'reference-used'
  }
  throw new Busy()
}

export function referenceUsed(): Refused<'BANK_REFERENCE_USED'> {
  return refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个流水号已经登记过，请核对' })
}

type Said = { readonly at: Instant; readonly personId: string; readonly words: string }

async function drop(payout: PayoutItem, { at, personId, words }: Said) {
  const statements = await loadTheseStatements(payout.statements)
  const change = { state: 'dropped', dropped: { at, words }, droppedBy: personId } as const
  const move = { to: 'confirmed', step: 'dropped', at, personId, words } as const
  return changePayout(payout, change, {}, [{ statements, move }])
}

async function transfer(
  payout: PayoutItem,
  { transfers, dueBy, taken, freed }: Extract<MovedPayout<never>, { kind: 'transfers' }>,
  said: Said,
) {
  const state = stateByTransfers(payout.amountFen, transfers)
  const change = { state, transfers, dueBy }
  if (state === payout.state) return changePayout(payout, change, { taken, freed }, [])
  const statements = await loadTheseStatements(payout.statements)
  // What was said not to have come has come back, or was never sent.
  const answered = { ...change, reported: 0 }
  const move =
    state === 'paid'
      ? ({ to: 'paid', step: 'paid', ...said } as const)
      : ({ to: 'paying', step: 'returned', ...said } as const)
  return changePayout(payout, answered, { taken, freed }, [{ statements, move }])
}
