import { listHouseholdMembers as route } from '#shared/contracts/places.ts'
import type { Output, Query } from '#shared/contracts/route.ts'
import { nameBuilding } from '#shared/domain/places/household-id.ts'
import { maskPhone } from '#shared/domain/places/phone.ts'
import { assert } from '#shared/kernel/assert.ts'
import { partsOfBuilding } from '#shared/kernel/building.ts'
import { type Caller, hasEnded, hasRole, householdOf, worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { membershipItem, personItem, type MembershipItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, query, queryAll } from '#functions/platform/table/table.ts'
import { getCompound } from './store.ts'

const PAGE = 50
const MEMBERS_OF_BUILDING_MAX = 5_000

export const listHouseholdMembers = http(route, async ({ params, query: asked }, { caller, now }) => {
  const compound = await getCompound(params.compoundId)
  if (compound === undefined) throw new Missing()
  const works = worksFor(caller, compound.communityId)
  if (!works) requireOwnBuilding(caller, compound.compoundId, asked)
  const found = await query(membershipItem, {
    pk: index.compoundMembers(compound.compoundId, '', '', '').GSI1PK,
    ...prefixOf(compound.compoundId, works ? asked : { ...asked, building: ledIn(caller, compound.compoundId) }),
    index: 'GSI1',
    limit: asked.limit ?? PAGE,
    cursor: asked.cursor,
  })
  // Somebody verified a moment ago may still stand under `claimed` in the index: the item itself decides.
  const there = found.items.filter(
    (item) =>
      !hasEnded(item, now) && (asked.state === undefined ? item.state !== 'rejected' : item.state === asked.state),
  )
  const members = works ? there : await forLeader(caller, compound.compoundId, there)
  const people = works
    ? await batchGet(
        personItem,
        // Somebody may have claimed two rooms here, one after the other.
        [...new Set(members.map(({ personId }) => personId))].map(keys.person),
      )
    : []
  const phones = new Map(people.map((person) => [person.personId, person.phone]))
  return { ...found, items: members.map((member) => memberView(member, phones.get(member.personId))) }
})

/** The building that somebody leads in the compound; who lives in one household leads one building. */
function ledIn(caller: Caller, compoundId: string): string | undefined {
  const leader = caller.memberships.find((held) => held.role === 'leader' && held.compoundId === compoundId)
  return leader === undefined ? undefined : partsOfBuilding(leader.scopeId).building
}

/** What a leader may confirm: the first of a household, not their own, and nothing that a worker has turned down before. */
async function forLeader(caller: Caller, compoundId: string, claims: MembershipItem[]): Promise<MembershipItem[]> {
  const name = nameBuilding(compoundId, ledIn(caller, compoundId) ?? '')
  assert(name.kind === 'named', 'what is led is a building')
  const { GSI1PK } = index.compoundMembers(compoundId, '', '', '')
  const verified = await queryAll(membershipItem, {
    pk: GSI1PK,
    prefix: `verified#${name.buildingId}.`,
    index: 'GSI1',
    max: MEMBERS_OF_BUILDING_MAX,
  })
  const others = new Set([householdOf(caller)?.scopeId, ...verified.map(({ scopeId }) => scopeId)])
  return claims.filter(({ scopeId, workerOnly }) => workerOnly === undefined && !others.has(scopeId))
}

/** A leader sees who waits in their building, and nothing else. */
function requireOwnBuilding(caller: Caller, compoundId: string, { state, building }: Query<typeof route>): void {
  const led = ledIn(caller, compoundId)
  if (led === undefined) throw new Missing()
  if (state !== 'claimed') throw new Forbidden()
  if (building === undefined) return
  const name = nameBuilding(compoundId, building)
  if (name.kind === 'invalid') throw new Invalid(name.fields)
  if (!hasRole(caller, 'leader', name.buildingId)) throw new Missing()
}

function prefixOf(compoundId: string, { state, building }: Query<typeof route>): { readonly prefix?: string } {
  if (state === undefined) return {}
  if (building === undefined) return { prefix: `${state}#` }
  const name = nameBuilding(compoundId, building)
  if (name.kind === 'invalid') throw new Invalid(name.fields)
  // The dot ends it: building 3 is not the beginning of building 31.
  return { prefix: `${state}#${name.buildingId}.` }
}

function memberView(member: MembershipItem, phone: string | undefined): Output<typeof route>['items'][number] {
  const {
    scopeId,
    memberId,
    compoundId,
    compoundName,
    building,
    unit,
    room,
    state,
    claimedAt,
    rejectReason,
    verifiedAs,
  } = member
  assert(
    compoundId !== undefined && compoundName !== undefined && building !== undefined && unit !== undefined,
    'a resident lives in a compound',
  )
  assert(room !== undefined && state !== undefined && claimedAt !== undefined, 'a resident has a room and a state')
  return {
    householdId: scopeId,
    memberId,
    compoundId,
    compoundName,
    building,
    unit,
    room,
    state,
    ...(phone === undefined ? {} : { phoneMasked: maskPhone(phone) }),
    claimedAt,
    ...(state !== 'rejected' || rejectReason === undefined ? {} : { reason: rejectReason }),
    ...(verifiedAs === undefined ? {} : { confirmedBy: verifiedAs }),
  }
}
