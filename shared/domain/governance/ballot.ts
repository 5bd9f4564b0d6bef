import type { Choice, Electorate } from '#shared/contracts/governance.ts'

export type Ballot = {
  readonly electorate: Electorate
  /** A member's person, or a household. */
  readonly voterId: string
  readonly choice: Choice
  /** Who cast it; absent of one that came in on paper. */
  readonly castBy?: string | undefined
  /** Who entered it, first and second. */
  readonly paper?: { readonly enteredBy: readonly string[] } | undefined
}
