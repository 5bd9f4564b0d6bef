import { buildingOfHousehold } from './building.ts'
import type { Instant } from './calendar.ts'

export type Residence = {
  readonly scopeId: string
  readonly state?: 'claimed' | 'verified' | 'rejected' | undefined
  readonly claimedAt?: Instant | undefined
}

export type Leadership = {
  /** The building. */
  readonly scopeId: string
  /** Goes when the role is ended, so that no clock that is behind still takes it for one. */
  readonly knownAs?: string | undefined
  readonly livesBy?: { readonly householdId: string; readonly claimedAt?: Instant | undefined } | undefined
}

/**
 * Does somebody lead the building, given where they live now? Only as long as the very claim holds by which they were a
 * neighbour when they were appointed: who has moved away and come back is appointed anew.
 */
export function leads({ scopeId, knownAs, livesBy }: Leadership, homes: readonly Residence[]): boolean {
  if (knownAs === undefined) return false
  return homes.some(
    (home) =>
      home.state === 'verified' &&
      buildingOfHousehold(home.scopeId) === scopeId &&
      home.scopeId === livesBy?.householdId &&
      home.claimedAt === livesBy.claimedAt,
  )
}
