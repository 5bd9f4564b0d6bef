import type { CompoundSummary, Pairing } from '#shared/contracts/places.ts'
import { coopIdOf } from './pairings.ts'
import type { DistrictContent, HouseholdSeed, PersonSeed } from './types.ts'

/** Throws when the content breaks a promise that these people rest on. */
function found<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`the seed has no ${what}`)
  return thing
}

const pad2 = (n: number) => String(n).padStart(2, '0')

/**
 * Eighteen people, plainly synthetic: two administrators, because no payment is made by one alone, the charity's bookkeeper,
 * and who decides about the first community's fund: five of its committee, a supervisor and a neighbour of resident 1;
 * property 1 does what residents there ask for, and office 1 what is the whole district's.
 * Resident 1, worker 1 and co-op 1 meet in one community and its paired village; resident 2,
 * worker 2 and co-op 2 in another community and a village that the first is not paired with.
 */
export function buildPeople(
  content: Pick<DistrictContent, 'district' | 'compounds' | 'homeCompoundIds' | 'households' | 'pairings'>,
): PersonSeed[] {
  const homes = content.homeCompoundIds.map((id) =>
    found(
      content.compounds.find((compound) => compound.compoundId === id),
      `compound ${id}`,
    ),
  )
  const first = found(homes[0], 'first compound with households')
  const second = found(
    homes.find((home) => home.communityId !== first.communityId),
    'compound with households in a second community',
  )
  const householdIn = (compound: CompoundSummary, at = 0): HouseholdSeed =>
    found(
      content.households.filter((household) => household.compoundId === compound.compoundId)[at],
      `household ${at + 1} in ${compound.compoundId}`,
    )
  const pairingsOf = (compound: CompoundSummary): Pairing[] =>
    content.pairings.filter((pairing) => pairing.communityId === compound.communityId)
  const firstVillages = pairingsOf(first).map((pairing) => pairing.villageId)
  const firstVillage = found(firstVillages[0], `village paired with ${first.communityName}`)
  const secondPairing = found(
    pairingsOf(second).find((pairing) => !firstVillages.includes(pairing.villageId)),
    `village paired with ${second.communityName} alone`,
  )
  return [
    { subject: 'resident-1', name: '示例居民1', phone: '00000000001', role: 'resident', household: householdIn(first) },
    {
      subject: 'resident-2',
      name: '示例居民2',
      phone: '00000000002',
      role: 'resident',
      household: householdIn(second),
    },
    { subject: 'coop-1', name: '示例社员1', phone: '00000000003', role: 'coop', scopeId: coopIdOf(firstVillage) },
    {
      subject: 'coop-2',
      name: '示例社员2',
      phone: '00000000004',
      role: 'coop',
      scopeId: coopIdOf(secondPairing.villageId),
    },
    { subject: 'worker-1', name: '示例社工1', phone: '00000000005', role: 'worker', scopeId: first.communityId },
    { subject: 'worker-2', name: '示例社工2', phone: '00000000006', role: 'worker', scopeId: second.communityId },
    {
      subject: 'admin-1',
      name: '示例管理员1',
      phone: '00000000007',
      role: 'admin',
      scopeId: content.district.districtId,
    },
    {
      subject: 'admin-2',
      name: '示例管理员2',
      phone: '00000000008',
      role: 'admin',
      scopeId: content.district.districtId,
    },
    {
      subject: 'charity-1',
      name: '示例慈善经办1',
      phone: '00000000009',
      role: 'charity',
      scopeId: content.district.districtId,
    },
    ...[1, 2, 3, 4, 5].map((n): PersonSeed => ({
      subject: `committee-${n}`,
      name: `示例委员${n}`,
      phone: `000000001${pad2(n)}`,
      role: 'committee',
      scopeId: first.communityId,
    })),
    {
      subject: 'supervisor-1',
      name: '示例监督员1',
      phone: '00000000110',
      role: 'supervisor',
      scopeId: first.communityId,
    },
    {
      subject: 'resident-3',
      name: '示例居民3',
      phone: '00000000111',
      role: 'resident',
      household: householdIn(first, 1),
    },
    {
      subject: 'property-1',
      name: '示例物业经办1',
      phone: '00000000112',
      role: 'body',
      scopeId: `property-${first.communityId}`,
    },
    { subject: 'office-1', name: '示例部门经办1', phone: '00000000113', role: 'body', scopeId: 'urban-management' },
  ]
}
