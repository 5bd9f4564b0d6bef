import { randomUUID } from 'node:crypto'
import type { ImportRow } from '#shared/contracts/places-import.ts'
import { householdLabel, nameHousehold, type HouseholdName } from '#shared/domain/places/household-id.ts'
import { unreachable } from '#shared/kernel/assert.ts'
import { personId as personIdOf } from '#shared/kernel/ids.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller, hasEnded, householdOf, loadCaller, type Caller } from '#functions/platform/caller.ts'
import { env } from '#functions/platform/env.ts'
import { bodyItem } from '#functions/platform/table/items/bodies.ts'
import { communityItem, coopItem, districtItem, householdItem } from '#functions/platform/table/items/places.ts'
import type { MembershipItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { EXISTS, get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { tryLeader } from './import-leader.ts'
import { unknownParent, type Settled } from './import-outcome.ts'
import { leadershipsEnd } from './leader-store.ts'
import { findable, knownPerson, membershipEnd, membershipPut, personPut, sameHousehold } from './people.ts'
import { getCompound, getPlace } from './store.ts'

type MembershipRow = Extract<ImportRow, { kind: 'membership' }>
/** All roles but a building leader's, which is a matter of its own. */
type Row = Omit<MembershipRow, 'role'> & { readonly role: Exclude<MembershipRow['role'], 'leader'> }
const ATTEMPTS_MAX = 5
type Scope = Pick<MembershipItem, 'scopeId' | 'scopeName'> & Partial<MembershipItem>

/** A role given by the district. A resident from the district's own register needs no second look: verified. */
export async function importMembership(row: MembershipRow, importedBy: string, now: Instant): Promise<Settled> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { role } = row
    const outcome =
      role === 'leader'
        ? await tryLeader(row, personIdOf(env('OIDC_ISSUER'), row.subject), importedBy, now)
        : await tryMembership({ ...row, role }, importedBy, now)
    if (outcome !== 'again') return outcome
  }
  throw new Busy()
}

/** `again`: the person changed between reading and writing; what the row means has to be decided anew. */
async function tryMembership(row: Row, importedBy: string, now: Instant): Promise<Settled | 'again'> {
  const personId = personIdOf(env('OIDC_ISSUER'), row.subject)
  if (row.toAt !== undefined && row.toAt <= now) return endMembership(row, personId, row.toAt, importedBy, now)
  if (row.fromAt !== undefined && (row.role === 'resident' || (row.toAt !== undefined && row.toAt <= row.fromAt))) {
    return { outcome: 'invalid', fields: { fromAt: row.role === 'resident' ? '住户没有任期' : '开始要早于结束' } }
  }
  const scope = await scopeOf(row)
  if ('outcome' in scope) return scope
  const person = await loadCaller(personId, now, true)
  const household = row.role === 'resident' ? scope.scopeId : undefined
  if (household !== undefined && (householdOf(person)?.scopeId ?? household) !== household) {
    return { outcome: 'refused', code: 'ALREADY_MEMBER_ELSEWHERE' }
  }
  const held = roleIn(person.memberships, row.role, scope.scopeId)
  const verified = household === undefined ? {} : { state: 'verified' as const }
  const term = {
    ...(row.fromAt === undefined ? {} : { fromAt: row.fromAt }),
    ...(row.toAt === undefined ? {} : { toAt: row.toAt }),
  }
  // One that has not begun is held by nobody yet, and is there all the same.
  const known = held ?? roleIn(person.past, row.role, scope.scopeId)
  const stands = known !== undefined && known.state !== 'rejected' && !hasEnded(known, now)
  const isSame = known?.scopeName === scope.scopeName && known.state === verified.state
  if (stands && isSame && known.toAt === row.toAt && hasBegun(known.fromAt, row.fromAt, now)) {
    await findable(known)
    return { outcome: 'unchanged' }
  }
  const memberId = person.person?.memberId ?? randomUUID()
  const times =
    household === undefined ? {} : { claimedAt: held?.claimedAt ?? now, verifiedAt: now, verifiedBy: importedBy }
  const membership = { personId, memberId, role: row.role, ...scope, ...verified, ...times, ...term }
  const done = await transact([
    personWrite(person, memberId, household),
    membershipPut(membership, known === undefined ? NOT_EXISTS : EXISTS),
  ])
  forgetCaller(personId)
  if (done.kind === 'failed') return 'again'
  return { outcome: known === undefined ? 'created' : 'updated' }
}

/** The same beginning; a role that is held by now has begun, whenever a row without a beginning says so. */
function hasBegun(known: Instant | undefined, wanted: Instant | undefined, now: Instant): boolean {
  return known === wanted || (wanted === undefined && known !== undefined && known <= now)
}

/**
 * Takes a role away. Its place need not exist any more. An administrator does not end their own role: somebody has to be left
 * who could give it back.
 */
async function endMembership(row: Row, personId: string, toAt: Instant, importedBy: string, now: Instant) {
  const scopeId = scopeIdOf(row)
  if (typeof scopeId !== 'string') return scopeId
  if (row.role === 'admin' && personId === importedBy) return { outcome: 'refused', code: 'OWN_ROLE' } as const
  const caller = await loadCaller(personId, now, true)
  const past = roleIn(caller.past, row.role, scopeId)
  // One that has not begun yet can be taken back too.
  const coming = past !== undefined && past.state !== 'rejected' && !hasEnded(past, now) ? past : undefined
  const held = roleIn(caller.memberships, row.role, scopeId) ?? coming
  if (held === undefined) {
    if (past !== undefined) return { outcome: 'unchanged' } as const
    return { outcome: 'refused', code: 'UNKNOWN_MEMBERSHIP', fields: { scopeId } } as const
  }
  const freed: Write = {
    update: keys.person(personId),
    set: 'REMOVE householdId',
    condition: 'householdId = :household',
    expression: { values: { ':household': scopeId } },
  }
  const ended = row.role === 'resident' ? [freed, ...leadershipsEnd(caller.memberships, held, toAt)] : []
  const done = await transact([...ended, membershipEnd(held, toAt, now)])
  forgetCaller(personId)
  return done.kind === 'done' ? ({ outcome: 'updated' } as const) : 'again'
}

function roleIn(roles: readonly MembershipItem[], role: Row['role'], scopeId: string): MembershipItem | undefined {
  return roles.find((each) => each.role === role && each.scopeId === scopeId)
}

function personWrite(caller: Caller, memberId: string, householdId: string | undefined): Write {
  if (householdId === undefined) return knownPerson(caller, memberId)
  if (caller.person === undefined) return personPut({ personId: caller.personId, memberId, householdId })
  const { condition, values } = sameHousehold(caller.person)
  return {
    update: keys.person(caller.personId),
    set: 'SET householdId = :householdId',
    condition,
    expression: { values: { ...values, ':householdId': householdId } },
  }
}

function scopeIdOf(row: Row): string | Settled {
  if (row.role !== 'resident') return row.scopeId ?? NO_SCOPE
  const name = householdName(row)
  return 'outcome' in name ? name : name.householdId
}

const NO_SCOPE: Settled = { outcome: 'invalid', fields: { scopeId: '不能为空' } }

async function scopeOf(row: Row): Promise<Scope | Settled> {
  if (row.role === 'resident') return householdScope(row)
  const { scopeId } = row
  if (scopeId === undefined) return NO_SCOPE
  const scope = await placeScope(row.role, scopeId)
  return scope ?? unknownParent('scopeId', scopeId)
}

async function placeScope(role: Exclude<Row['role'], 'resident'>, scopeId: string): Promise<Scope | undefined> {
  switch (role) {
    case 'admin':
    case 'charity': {
      const district = await getPlace(districtItem, 'district', scopeId)
      return district && { scopeId, scopeName: district.name }
    }
    case 'worker':
    case 'committee':
    case 'supervisor': {
      const community = await getPlace(communityItem, 'community', scopeId)
      return community && { scopeId, scopeName: community.name, communityId: scopeId }
    }
    case 'coop': {
      const coop = await getPlace(coopItem, 'coop', scopeId)
      return coop && { scopeId, scopeName: coop.name }
    }
    case 'body': {
      const body = await getPlace(bodyItem, 'body', scopeId)
      return body && { scopeId, scopeName: body.name }
    }
    default:
      return unreachable(role)
  }
}

function householdName(
  row: Row,
): Settled | (Extract<HouseholdName, { kind: 'named' }> & { readonly compoundId: string }) {
  const { compoundId, building, unit, room } = row
  if (compoundId === undefined || building === undefined || unit === undefined || room === undefined) {
    return { outcome: 'invalid', fields: { room: '住户要写明小区、楼、单元和房间' } }
  }
  const name = nameHousehold(compoundId, { building, unit, room })
  return name.kind === 'invalid' ? { outcome: 'invalid', fields: { ...name.fields } } : { ...name, compoundId }
}

async function householdScope(row: Row): Promise<Scope | Settled> {
  const name = householdName(row)
  if ('outcome' in name) return name
  const { compoundId } = name
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
