import { mayDo as may, type OrderAct, type OrderOwners, type Standing, standingOf } from '#shared/kernel/standing.ts'
import { type Caller, isAdmin } from './caller.ts'

/** How the caller stands to an order; for whom it does not exist, not at all. */
export function standingIn(caller: Caller, order: OrderOwners): Standing | undefined {
  return standingOf(order, {
    personId: caller.personId,
    verifiedIn: verifiedIn(caller),
    worksIn: caller.memberships.filter((held) => held.role === 'worker').map((held) => held.scopeId),
    isAdmin: isAdmin(caller),
  })
}

export function mayDo(caller: Caller, order: OrderOwners, act: OrderAct): boolean {
  return may(standingIn(caller, order), act)
}

/** A second claim on the same room counts once a worker has verified it, not before. */
export function verifiedIn(caller: Caller): readonly string[] {
  return caller.memberships
    .filter((held) => held.role === 'resident' && held.state === 'verified')
    .map((held) => held.scopeId)
}
