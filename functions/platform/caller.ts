import type { Role } from '#shared/contracts/route.ts'
import { leads } from '#shared/kernel/leads.ts'
import { type Instant, toMs } from '#shared/kernel/time.ts'
import { Forbidden } from './missing.ts'
import { keys } from './table/keys.ts'
import { type MembershipItem, type PersonItem, personPartitionItem } from './table/items/places.ts'
import { queryAll } from './table/table.ts'

/** Who is asking: the person and the roles they hold now. */
export type Caller = {
  readonly personId: string
  readonly person: PersonItem | undefined
  readonly memberships: readonly MembershipItem[]
  /** Roles the person does not hold now: ended, not begun, rejected, or of a building where they live no more. */
  readonly past: readonly MembershipItem[]
}

const MEMBERSHIPS_MAX = 200
const CACHE_MS = 30_000
const CACHED_MAX = 5_000
const cache = new Map<string, { readonly caller: Caller; readonly readAtMs: number }>()

/** Loads a person's roles: at most 30 s old, or fresh where money moves. */
export async function loadCaller(personId: string, at: Instant, fresh: boolean): Promise<Caller> {
  const nowMs = toMs(at)
  const cached = cache.get(personId)
  if (!fresh && cached !== undefined && nowMs - cached.readAtMs < CACHE_MS) return cached.caller
  const items = await queryAll(personPartitionItem, { pk: keys.person(personId).PK, max: MEMBERSHIPS_MAX })
  const roles = items.filter((item) => item.entity === 'membership')
  const held = roles.filter((item) => isHeld(item, at))
  const homes = held.filter(({ role }) => role === 'resident')
  // A leader is a neighbour: whoever does not live there any more, verified, leads nothing.
  const counts = (item: MembershipItem) => item.role !== 'leader' || leads(item, homes)
  const memberships = held.filter(counts)
  const caller: Caller = {
    personId,
    person: items.find((item) => item.entity === 'person'),
    memberships,
    past: roles.filter((item) => !memberships.includes(item)),
  }
  if (cache.size >= CACHED_MAX) cache.clear()
  cache.set(personId, { caller, readAtMs: nowMs })
  return caller
}

/** Workers of a community, and administrators who stand in for them. */
export function worksFor(caller: Caller, communityId: string): boolean {
  return isAdmin(caller) || hasRole(caller, 'worker', communityId)
}

/** Members of a co-op, and administrators who stand in for them. */
export function actsFor(caller: Caller, coopId: string): boolean {
  return isAdmin(caller) || hasRole(caller, 'coop', coopId)
}

export function isHeld(item: MembershipItem, at: Instant): boolean {
  if (item.state === 'rejected' || hasEnded(item, at)) return false
  return item.fromAt === undefined || toMs(item.fromAt) <= toMs(at)
}

export function hasEnded({ toAt }: MembershipItem, at: Instant): boolean {
  return toAt !== undefined && toMs(toAt) <= toMs(at)
}

/** Called after a change to a person's roles, so that they see it at once on this instance. */
export function forgetCaller(personId: string): void {
  cache.delete(personId)
}

export function hasRole(caller: Caller, role: Role, scopeId: string): boolean {
  return caller.memberships.some((held) => held.role === role && held.scopeId === scopeId)
}

export function isAdmin(caller: Caller): boolean {
  return caller.memberships.some((held) => held.role === 'admin')
}

export function householdOf(caller: Pick<Caller, 'memberships'>): MembershipItem | undefined {
  return caller.memberships.find((held) => held.role === 'resident')
}

/** Goes on only for a holder of the role in this scope; administrators of the district only where the route says so. */
export function requireRole(
  caller: Caller,
  role: Role,
  scopeId: string,
  also: 'admin' | 'nobody-else' = 'nobody-else',
): void {
  if (hasRole(caller, role, scopeId)) return
  if (also === 'admin' && isAdmin(caller)) return
  throw new Forbidden()
}
