import type { groupBuyStates } from '../../contracts/group-buys.ts'
import type { UnstatedBecause } from '../../contracts/settlement.ts'
import type { Instant } from '../../kernel/time.ts'
import { settlesAt } from './due-at.ts'

export type UnstatedGroupBuy = {
  readonly state: (typeof groupBuyStates)[number]
  readonly closesAt: Instant
  readonly pickUpEndsAt: Instant
  /** When the last of its sales was settled. */
  readonly salesSettledAt?: Instant | undefined
  /** Somebody still has to look whether there is something to state. */
  readonly isWatched: boolean
  readonly openClaims: number
}

/** Why a group buy that took place has no statement yet; nothing when none is to come. */
export function whyUnstated(
  groupBuy: UnstatedGroupBuy,
  afterSalesHours: number,
  now: Instant,
): { readonly because: UnstatedBecause; readonly untilAt?: Instant } | undefined {
  const { state, closesAt, pickUpEndsAt, salesSettledAt, isWatched, openClaims } = groupBuy
  if (salesSettledAt !== undefined) return isWatched ? { because: 'fund' } : undefined
  if (!['confirmed', 'receiving', 'distributing'].includes(state)) return undefined
  if (pickUpEndsAt > now) return { because: 'pick-up', untilAt: pickUpEndsAt }
  const untilAt = settlesAt({ pickUpEndsAt, recordedAt: closesAt }, afterSalesHours)
  if (untilAt > now) return { because: 'after-sales', untilAt }
  // A few minutes of work for the clock are nobody's worry: it is due any moment.
  return openClaims > 0 ? { because: 'claims' } : { because: 'clock' }
}
