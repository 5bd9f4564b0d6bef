import { randomUUID } from 'node:crypto'
import type { ImportRow } from '#shared/contracts/places.ts'
import { householdLabel, nameHousehold } from '#shared/domain/places/household-id.ts'
import { unreachable } from '#shared/kernel/assert.ts'
import { personId as personIdOf } from '#shared/kernel/ids.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller, loadCaller, type Caller } from '#functions/platform/caller.ts'
import { env } from '#functions/platform/env.ts'
import { communityItem, coopItem, districtItem, householdItem } from '#functions/platform/table/items/places.ts'
import type { MembershipItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { EXISTS, get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { unknownParent, type Settled } from './import-outcome.ts'
import { knownPerson, membershipPut, personPut } from './people.ts'
import { getCompound, getPlace } from './store.ts'

type Row = Extract<ImportRow, { kind: 'membership' }>
const ATTEMPTS_MAX = 5
type Scope = Pick<MembershipItem, 'scopeId' | 'scopeName'> & Partial<MembershipItem>

/** A role given by the district. A resident from the district's own register needs no second look: verified. */
export async function importMembership(row: Row, importedBy: string, now: Instant): Promise<Settled> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const outcome = await tryMembership(row, importedBy, now)
    if (outcome !== 'again') return outcome
  }
  throw new Busy()
}

/** `again`: the person changed between reading and writing; what the row means has to be decided anew. */
async function tryMembership(row: Row, importedBy: string, now: Instant): Promise<Settled | 'again'> {
  const scope = await scopeOf(row)
  if ('outcome' in scope) return scope
  const personId = personIdOf(env('OIDC_ISSUER'), row.subject)
  const person = await loadCaller(personId, now, true)
  const household = row.role === 'resident' ? scope.scopeId : undefined
  if (household !== undefined && (person.person?.householdId ?? household) !== household) {
    return { outcome: 'refused', code: 'ALREADY_MEMBER_ELSEWHERE' }
  }
  const held = person.memberships.find((each) => each.role === row.role && each.scopeId === scope.scopeId)
  const verified = household === undefined ? {} : { state: 'verified' as const }
  if (held !== undefined && held.scopeName === scope.scopeName && held.state === verified.state) {
    return { outcome: 'unchanged' }
  }
  const memberId = person.person?.memberId ?? randomUUID()
  const times =
    household === undefined ? {} : { claimedAt: held?.claimedAt ?? now, verifiedAt: now, verifiedBy: importedBy }
  const membership = { personId, memberId, role: row.role, ...scope, ...verified, ...times }
  const done = await transact([
    personWrite(person, memberId, household),
    membershipPut(membership, held === undefined ? NOT_EXISTS : EXISTS),
  ])
  forgetCaller(personId)
  if (done.kind === 'failed') return 'again'
  return { outcome: held === undefined ? 'created' : 'updated' }
}

function personWrite(caller: Caller, memberId: string, householdId: string | undefined): Write {
  if (householdId === undefined) return knownPerson(caller, memberId)
  if (caller.person === undefined) return personPut({ personId: caller.personId, memberId, householdId })
  return {
    update: keys.person(caller.personId),
    set: 'SET householdId = :householdId',
    condition: 'memberId = :memberId AND (attribute_not_exists(householdId) OR householdId = :householdId)',
    expression: { values: { ':memberId': memberId, ':householdId': householdId } },
  }
}

async function scopeOf(row: Row): Promise<Scope | Settled> {
  if (row.role === 'resident') return householdScope(row)
  const { scopeId } = row
  if (scopeId === undefined) return { outcome: 'invalid', fields: { scopeId: '不能为空' } }
  const scope = await placeScope(row.role, scopeId)
  return scope ?? unknownParent('scopeId', scopeId)
}

async function placeScope(role: Exclude<Row['role'], 'resident'>, scopeId: string): Promise<Scope | undefined> {
  switch (role) {
    case 'admin': {
      const district = await getPlace(districtItem, 'district', scopeId)
      return district && { scopeId, scopeName: district.name }
    }
    case 'worker': {
      const community = await getPlace(communityItem, 'community', scopeId)
      return community && { scopeId, scopeName: community.name, communityId: scopeId }
    }
    case 'coop': {
      const coop = await getPlace(coopItem, 'coop', scopeId)
      return coop && { scopeId, scopeName: coop.name }
    }
    default:
      return unreachable(role)
  }
}

async function householdScope(row: Row): Promise<Scope | Settled> {
  const { compoundId, building, unit, room } = row
  if (compoundId === undefined || building === undefined || unit === undefined || room === undefined) {
    return { outcome: 'invalid', fields: { room: '住户要写明小区、楼、单元和房间' } }
  }
  const name = nameHousehold(compoundId, { building, unit, room })
  if (name.kind === 'invalid') return { outcome: 'invalid', fields: { ...name.fields } }
  const [compound, household] = await Promise.all([
    getCompound(compoundId),
    get(householdItem, keys.household(compoundId, name.householdId)),
  ])
  if (compound === undefined) return unknownParent('compoundId', compoundId)
  if (household === undefined) return unknownParent('room', name.householdId)
  return {
    scopeId: name.householdId,
    scopeName: `${compound.name} ${householdLabel(name.labels)}`,
    compoundId,
    compoundName: compound.name,
    communityId: compound.communityId,
    ...name.labels,
  }
}
