import type { FundView } from '#shared/contracts/fund.ts'
import type { VerificationProblem } from '#shared/domain/fund/verify-ledger.ts'

/** What a page and its worker tell each other. Types and small functions only: the page loads no verifier for them. */

export type Figure =
  | 'salesFen'
  | 'reversedFen'
  | 'saleCount'
  | 'postedFen'
  | 'pendingFen'
  | 'availableFen'
  | 'reservedFen'
  | 'clawbackFen'
  | 'dueFen'
  | 'cashFen'
  | 'paidFen'

/** What the page shows: it came with the page and not with the export. */
export type Shown = {
  readonly fundId: string
  /** The page's last entry, and that entry's hash. */
  readonly seq: number
  readonly hash: string
  readonly figures: Readonly<Record<Figure, number>>
}

/** `url`: where the first page of the export is. */
export type Order = { readonly url: string; readonly shown: Shown }

export type Differs = { readonly figure: Figure | 'hash'; readonly shown: string; readonly computed: string }

export type Result =
  | {
      readonly kind: 'right'
      readonly entries: number
      /** Entries that came after those that the page shows; they are right too. */
      readonly newer: number
      /** Co-ops that gave. */
      readonly coops: number
      readonly firstDay: string | undefined
      readonly lastDay: string | undefined
    }
  | { readonly kind: 'wrong'; readonly problems: readonly VerificationProblem[]; readonly problemCount: number }
  /** The ledger fits together but is not what the page shows. */
  | { readonly kind: 'differs'; readonly differs: readonly Differs[] }
  /** It fits together and ends before the entry that the page shows as its last. */
  | { readonly kind: 'short'; readonly entries: number; readonly shown: number }
  /** It was not downloaded to its end; 0: nobody answered. */
  | { readonly kind: 'failed'; readonly status: number }

export type Told =
  { readonly kind: 'progress'; readonly entries: number } | { readonly kind: 'result'; readonly result: Result }

/** What a page shows and a replay can find again. */
export function shownOf({ fundId, seq, hash, total, balances }: FundView): Shown {
  const { salesFen, reversedFen, saleCount, postedFen } = total
  const { pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen, paidFen } = balances
  const places = { pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen, paidFen }
  return { fundId, seq, hash, figures: { salesFen, reversedFen, saleCount, postedFen, ...places } }
}
