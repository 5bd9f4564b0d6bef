import type { Instant } from '#shared/kernel/time.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { bodyIndex } from '#functions/platform/table/body-keys.ts'
import { staffIndex } from '#functions/platform/table/staff-keys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  membershipItem,
  personItem,
  type MembershipItem,
  type PersonItem,
} from '#functions/platform/table/items/places.ts'
import { ALWAYS, EXISTS, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'

type PersonFacts = Omit<PersonItem, 'entity' | 'v'>

export function personPut(facts: PersonFacts): Write {
  const item = personItem.parse({ entity: 'person', v: 1, ...facts })
  return { put: { ...keys.person(facts.personId), ...item }, condition: NOT_EXISTS }
}

/** The person exists under this member id, now or by this write. */
export function knownPerson(caller: Pick<Caller, 'personId' | 'person'>, memberId: string): Write {
  if (caller.person === undefined) return personPut({ personId: caller.personId, memberId })
  const expression = { values: { ':memberId': memberId } }
  return { check: keys.person(caller.personId), condition: 'memberId = :memberId', expression }
}

/**
 * True as long as the person belongs to the household that was read, or to none: whoever changes a person's household
 * changes this item too, so it is the lock of all of them.
 */
export function sameHousehold({ memberId, householdId }: PersonItem) {
  return {
    condition: `memberId = :memberId AND ${householdId === undefined ? 'attribute_not_exists(householdId)' : 'householdId = :before'}`,
    values: { ':memberId': memberId, ...(householdId === undefined ? {} : { ':before': householdId }) },
  }
}

/** Ends a role that is held; a resident is no longer found by compound, nor a member by co-op. */
export function membershipEnd({ personId, role, scopeId }: MembershipItem, toAt: Instant, now: Instant): Write {
  return {
    update: keys.membership(personId, role, scopeId),
    set: 'SET toAt = :toAt REMOVE GSI1PK, GSI1SK',
    condition: `attribute_exists(PK) AND ${NOT_ENDED}`,
    expression: { values: { ':toAt': toAt, ':now': now } },
  }
}

export const NOT_ENDED = '(attribute_not_exists(toAt) OR toAt > :now)'

/**
 * A role of a person; a resident's is also found by compound (pattern 6), a co-op member's by co-op (pattern 79), who decides about a
 * community's fund by community (pattern 107).
 */
export function membershipPut(
  facts: Omit<MembershipItem, 'entity' | 'v'>,
  condition: typeof NOT_EXISTS | typeof EXISTS | typeof ALWAYS,
): Write {
  const item = membershipItem.parse({ entity: 'membership', v: 1, ...facts })
  const { personId, role, scopeId } = item
  return { put: { ...keys.membership(personId, role, scopeId), ...foundBy(item), ...item }, condition }
}

/** Roles that were given before those who work were found by their community: sent once more they are. */
export async function findable({ personId, role, scopeId, memberId }: MembershipItem): Promise<void> {
  if (role !== 'worker' && role !== 'charity') return
  const { GSI1PK, GSI1SK } = role === 'worker' ? staffIndex.workers(scopeId, memberId) : staffIndex.charity(memberId)
  const key = keys.membership(personId, role, scopeId)
  const values = { ':pk': GSI1PK, ':sk': GSI1SK }
  await transact([{ update: key, set: 'SET GSI1PK = :pk, GSI1SK = :sk', condition: EXISTS, expression: { values } }])
}

function foundBy({ role, scopeId, compoundId, state, memberId }: MembershipItem) {
  if (role === 'coop') return index.coopMembers(scopeId, memberId)
  if (role === 'body') return bodyIndex.members(scopeId, memberId)
  if (role === 'worker') return staffIndex.workers(scopeId, memberId)
  if (role === 'charity') return staffIndex.charity(memberId)
  if (role === 'committee' || role === 'supervisor') return index.communityMembers(scopeId, role, memberId)
  const isListed = role === 'resident' && compoundId !== undefined && state !== undefined
  return isListed ? index.compoundMembers(compoundId, state, scopeId, memberId) : {}
}
