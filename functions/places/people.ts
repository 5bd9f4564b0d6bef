import type { Caller } from '#functions/platform/caller.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  membershipItem,
  personItem,
  type MembershipItem,
  type PersonItem,
} from '#functions/platform/table/items/places.ts'
import { EXISTS, NOT_EXISTS, type Write } from '#functions/platform/table/table.ts'

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

/** A role of a person; a resident's is also found by compound (pattern 6). */
export function membershipPut(
  facts: Omit<MembershipItem, 'entity' | 'v'>,
  condition: typeof NOT_EXISTS | typeof EXISTS,
): Write {
  const item = membershipItem.parse({ entity: 'membership', v: 1, ...facts })
  const { personId, role, scopeId, compoundId, state, memberId } = item
  const found =
    role === 'resident' && compoundId !== undefined && state !== undefined
      ? index.compoundMembers(compoundId, state, scopeId, memberId)
      : {}
  return { put: { ...keys.membership(personId, role, scopeId), ...found, ...item }, condition }
}
