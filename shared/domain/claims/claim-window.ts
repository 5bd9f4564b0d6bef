import type { Instant } from '../../kernel/time.ts'

export type ClaimTimes = {
  readonly state: string
  readonly pickUpStartsAt: Instant
  readonly settledAt?: Instant | undefined
  /** When the after-sales window ends; nobody can claim where there is none. */
  readonly claimUntil?: Instant | undefined
  readonly lines: readonly { readonly handedOut: number }[]
}

/** Claims may be filed from the first hand-out or the begin of pick-up until the sale settles. */
export function claimWindow(share: ClaimTimes, now: Instant): 'not-yet' | 'open' | 'over' {
  const hasBegun = now >= share.pickUpStartsAt || share.lines.some(({ handedOut }) => handedOut > 0)
  if (share.settledAt !== undefined || share.claimUntil === undefined || now >= share.claimUntil) return 'over'
  return hasBegun && share.state !== 'reserved' && share.state !== 'failed' ? 'open' : 'not-yet'
}
