import type { AidPart } from '#shared/contracts/aid.ts'
import type { Instant } from '#shared/kernel/time.ts'

/** Nothing of what was written is in a step: steps outlive it. */
export type AidFacts =
  | { readonly act: 'raise'; readonly consentVersion: string; readonly consentBy?: 'face-to-face' | 'in-writing' }
  | { readonly act: 'read' }
  | { readonly act: 'visit' }
  /** The id that the slip gets if this approval is the one that decides. */
  | { readonly act: 'approve'; readonly amountFen: number; readonly slipId: string }
  | { readonly act: 'refuse' }
  | { readonly act: 'recuse' }
  /** `slipUsed`: a project had taken the slip by then, so the slip stays, and with it the time until another one. */
  | { readonly act: 'withdraw'; readonly slipUsed?: true }

/** One thing that happened to a case, written once. */
export type AidStep = {
  readonly at: Instant
  readonly part: AidPart
  readonly personId: string
  /** Where they live, verified. */
  readonly householdId?: string
  readonly facts: AidFacts
}
