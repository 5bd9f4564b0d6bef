import type { HookScope } from '../../contracts/hooks.ts'

/** The name of a scope in keys; the district has one. */
export function scopeId(scope: HookScope): string {
  return scope.kind === 'district' ? 'all' : scope.id
}

/** Who looks after a subscription. Of a compound it is the workers of the community that it lies in. */
export type HookOwner =
  | { readonly kind: 'district' }
  | { readonly kind: 'community'; readonly id: string }
  | { readonly kind: 'coop'; readonly id: string }

export function ownerName(owner: HookOwner): string {
  return owner.kind === 'district' ? 'district' : `${owner.kind}.${owner.id}`
}

type Held = { readonly role: string; readonly scopeId: string }

/** Administrators look after any; nobody else after the whole district. */
export function looksAfter(memberships: readonly Held[], owner: HookOwner): boolean {
  if (memberships.some(({ role }) => role === 'admin')) return true
  if (owner.kind === 'district') return false
  const role = owner.kind === 'community' ? 'worker' : 'coop'
  return memberships.some((held) => held.role === role && held.scopeId === owner.id)
}
