import type { Me } from './visitor.ts'

/** Who may begin an emergency: a worker of the community, or one of its committee. */
export function worksHere(me: Me | undefined, communityId: string): boolean {
  const held = me?.memberships ?? []
  return held.some(({ role, scopeId }) => (role === 'worker' || role === 'committee') && scopeId === communityId)
}
