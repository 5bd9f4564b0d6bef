import type { Role } from '#shared/contracts/route.ts'
import {
  mayDo as may,
  type OrderAct,
  type OrderOwners,
  sharedSince,
  type Standing,
  standingOf,
} from '#shared/kernel/standing.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, isAdmin } from './caller.ts'
import type { MembershipItem } from './table/items/places.ts'

/** How the caller stands to an order; for whom it does not exist, not at all. */
export function standingIn(caller: Caller, order: OrderOwners): Standing | undefined {
  return standingOf(order, {
    personId: caller.personId,
    verifiedIn: verifiedIn(caller),
    worksIn: scopesOf(caller, 'worker'),
    leadsIn: scopesOf(caller, 'leader'),
    isAdmin: isAdmin(caller),
  })
}

function scopesOf(caller: Caller, role: Role): readonly string[] {
  return caller.memberships.filter((held) => held.role === role).map((held) => held.scopeId)
}

export function mayDo(caller: Caller, order: OrderOwners, act: OrderAct): boolean {
  return may(standingIn(caller, order), act)
}

/** Where others may have ordered for the caller's household: which one, and from when on that concerns them. */
export function householdsOf(caller: Caller): readonly { readonly householdId: string; readonly since: Instant }[] {
  return caller.memberships
    .filter(isVerified)
    .map(({ scopeId, claimedAt }) => ({ householdId: scopeId, since: sharedSince(claimedAt) }))
}

/** A second claim on the same room counts once a worker has verified it, not before. */
export function verifiedIn(caller: Caller): readonly string[] {
  return caller.memberships.filter(isVerified).map((held) => held.scopeId)
}

function isVerified(held: MembershipItem): boolean {
  return held.role === 'resident' && held.state === 'verified'
}
