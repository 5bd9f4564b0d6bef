import type { Caller } from './caller.ts'

/**
 * Who bought it, and their family. A second claim on the same room counts once a worker has verified it, not before.
 */
export function isOfHousehold(
  caller: Caller,
  order: { readonly personId?: string; readonly householdId: string },
): boolean {
  if (order.personId === caller.personId) return true
  return caller.memberships.some(
    (held) => held.role === 'resident' && held.scopeId === order.householdId && held.state === 'verified',
  )
}
