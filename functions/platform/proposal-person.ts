import type { Actor } from '#shared/contracts/governance.ts'
import type { Person } from '#shared/domain/governance/decide-act.ts'
import { type Caller, hasRole } from './caller.ts'
import type { ProposalItem } from './table/items/governance.ts'

/** Who the caller is where this proposal belongs. Administrators are nobody here: four eyes would close one. */
export function personOf(caller: Caller, where: Pick<ProposalItem, 'compoundId' | 'communityId'>): Person {
  const homes = caller.memberships.filter(
    ({ role, compoundId }) => role === 'resident' && compoundId === where.compoundId,
  )
  const home = homes.find(({ state }) => state === 'verified')
  // A couple that lives elsewhere is one household here too.
  const anyHome = home ?? caller.memberships.find(({ role, state }) => role === 'resident' && state === 'verified')
  const community = (['worker', 'committee', 'supervisor'] as const).filter((role) =>
    hasRole(caller, role, where.communityId),
  )
  const isCharity = caller.memberships.some(({ role }) => role === 'charity')
  const actors: Actor[] = [
    ...(home === undefined ? [] : (['resident'] as const)),
    ...community,
    ...(isCharity ? (['charity'] as const) : []),
  ]
  return {
    personId: caller.personId,
    memberId: caller.person?.memberId ?? caller.memberships[0]?.memberId ?? 'nobody',
    ...(anyHome === undefined ? {} : { householdId: anyHome.scopeId }),
    ...(home?.verifiedAt === undefined ? {} : { residentSince: home.verifiedAt }),
    actors,
    claimsOnly: home === undefined && homes.length > 0,
  }
}

/** Those who work on proposals see them before they are public. */
export function isStaff({ actors }: Person): boolean {
  return actors.some((actor) => actor !== 'resident')
}
