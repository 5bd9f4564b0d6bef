import type { MatterPerson } from '#shared/domain/matters/persons.ts'
import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'

type Where = { readonly compoundId: string; readonly communityId: string }

/** Who the caller is where this matter belongs. Administrators look, and do nothing: four eyes would close one. */
export function matterPersonOf(caller: Caller, { compoundId, communityId }: Where): MatterPerson {
  const homes = caller.memberships.filter((held) => held.role === 'resident')
  const here = homes.filter((held) => held.compoundId === compoundId)
  const isVerified = here.some(({ state }) => state === 'verified')
  const home = here.find(({ state }) => state === 'verified') ?? homes.find(({ state }) => state === 'verified')
  return {
    personId: caller.personId,
    memberId: caller.person?.memberId ?? caller.memberships[0]?.memberId ?? 'nobody',
    ...(home === undefined ? {} : { householdId: home.scopeId }),
    ...(home?.claimedAt === undefined ? {} : { homeSince: home.claimedAt }),
    homeIds: homes.map(({ scopeId }) => scopeId),
    livesHere: isVerified ? 'verified' : here.length > 0 ? 'claimed' : 'no',
    isWorker: hasRole(caller, 'worker', communityId),
    isSupervisor: hasRole(caller, 'supervisor', communityId),
    bodyIds: bodiesOf(caller.memberships),
    bodyIdsEver: bodiesOf([...caller.memberships, ...caller.past]),
  }
}

function bodiesOf(memberships: Caller['memberships']): string[] {
  return memberships.filter(({ role }) => role === 'body').map(({ scopeId }) => scopeId)
}

/** Who oversees all of a community's matters: they read, whoever acts. */
export function overseesMatters(caller: Caller, communityId: string): boolean {
  return isAdmin(caller) || hasRole(caller, 'worker', communityId) || hasRole(caller, 'supervisor', communityId)
}
