import type { SaleEntryKind } from '#shared/contracts/fund.ts'

/** A sale as the ledger knows it. */
export const saleStates = ['unposted', 'open', 'settled'] as const
export type SaleState = (typeof saleStates)[number]

/**
 * What each kind of entry does to its sale. Absent: it cannot be posted in that state. `sale` on a posted sale and
 * `settlement` on a settled one are repetitions and are dropped; a reversal or a settlement of an unposted sale waits for
 * the sale, which is posted first in the same transaction.
 */
export const saleTransitions: Readonly<Record<SaleState, Partial<Record<SaleEntryKind, SaleState>>>> = {
  unposted: { sale: 'open' },
  open: { reversal: 'open', settlement: 'settled' },
  settled: { reversal: 'settled' },
}
