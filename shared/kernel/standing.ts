import { buildingOfHousehold } from './building.ts'
import { DAY_MS, type Instant, plusMs } from './calendar.ts'

/**
 * How somebody stands to an order. `buyer`: ordered it for their own household. `member`: of the household that somebody
 * ordered for. `placer`: who did, for as long as they work there or lead the building. `family`: of the buyer's household.
 * `staff`: works for the community. For everybody else the order does not exist.
 */
export const standings = ['buyer', 'member', 'placer', 'family', 'staff'] as const
export type Standing = (typeof standings)[number]

/** What may be done with an order besides seeing it. */
export const orderActs = ['pay', 'link', 'cancel', 'give-back', 'claim'] as const
export type OrderAct = (typeof orderActs)[number]

/** Handing out, refunding and deciding claims are a worker's routes of their own, and not told here. */
const acts: Readonly<Record<Standing, readonly OrderAct[]>> = {
  buyer: orderActs,
  member: orderActs,
  // A household may have nobody with an account; and nobody is asked to pay for others.
  placer: ['link', 'cancel', 'give-back', 'claim'],
  family: ['claim'],
  staff: [],
}

export function mayDo(standing: Standing | undefined, act: OrderAct): boolean {
  return standing !== undefined && acts[standing].includes(act)
}

export type OrderOwners = {
  /** Who placed it. */
  readonly personId: string
  readonly householdId: string
  readonly communityId: string
  /** Present when a worker or a building leader placed it for the household. */
  readonly placedBy?: object | undefined
}

export type Person = {
  readonly personId: string
  /** Households that a worker has verified the person to belong to: a claim alone opens nobody's orders. */
  readonly verifiedIn: readonly string[]
  readonly worksIn: readonly string[]
  /** Buildings that the person leads now. */
  readonly leadsIn: readonly string[]
  readonly isAdmin: boolean
}

export function standingOf(order: OrderOwners, person: Person): Standing | undefined {
  const isVerified = person.verifiedIn.includes(order.householdId)
  const isTheirs = order.personId === person.personId
  const worksThere = person.worksIn.includes(order.communityId)
  const leadsThere = person.leadsIn.includes(buildingOfHousehold(order.householdId))
  if (order.placedBy === undefined) {
    // Who bought it owns it, whatever roles they hold by now.
    if (isTheirs) return 'buyer'
    if (isVerified) return 'family'
  } else {
    if (isVerified) return 'member'
    if (isTheirs && (worksThere || leadsThere)) return 'placer'
  }
  return worksThere || person.isAdmin ? 'staff' : undefined
}

/** A household registers because of what was ordered for it; what was ordered long before was for who lived there then. */
const SHARED_BEFORE_CLAIM_DAYS = 30
const THE_BEGINNING: Instant = '0000-01-01T00:00:00.000Z'

/** From when on orders that were placed for a household are listed for a member who claimed the room at that moment. */
export function sharedSince(claimedAt: Instant | undefined): Instant {
  return claimedAt === undefined ? THE_BEGINNING : plusMs(claimedAt, -SHARED_BEFORE_CLAIM_DAYS * DAY_MS)
}
