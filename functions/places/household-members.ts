import { householdStates } from '#shared/contracts/places.ts'
import { compoundIdOfHousehold } from '#shared/domain/places/household-id.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hasEnded, hasRole, householdOf, type Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import { membershipItem, type MembershipItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { query } from '#functions/platform/table/table.ts'
import { getCompound } from './store.ts'

export type Member = MembershipItem & { readonly compoundId: string }

/** The compound of a household, for its workers; for anybody else there is none. */
export async function needCompoundOf(caller: Caller, householdId: string) {
  const compoundId = compoundIdOfHousehold(householdId)
  const compound = compoundId === undefined ? undefined : await getCompound(compoundId)
  if (compound === undefined || !hasRole(caller, 'worker', compound.communityId)) throw new Missing()
  return compound
}

/** Of their own household nobody is a witness. */
export function refuseOwn(caller: Caller, householdId: string): Refused<'OWN_HOUSEHOLD'> | undefined {
  if (householdOf(caller)?.scopeId !== householdId) return undefined
  return refused('OWN_HOUSEHOLD', '这是您自己家，请社区工作人员来核实')
}

/**
 * A member of a household or a claim on it, also a rejected one, for the worker of that compound's community; for anybody
 * else there is no such member.
 */
export async function memberForWorker(caller: Caller, which: Which, now: Instant): Promise<Member> {
  const { compoundId } = await needCompoundOf(caller, which.householdId)
  return memberOf(compoundId, which, now)
}

type Which = { readonly householdId: string; readonly memberId: string }

export async function memberOf(compoundId: string, { householdId, memberId }: Which, now: Instant): Promise<Member> {
  // The index only finds the key; the item itself is read consistently, and what is written carries its condition.
  for (const state of householdStates) {
    const { GSI1PK, GSI1SK } = index.compoundMembers(compoundId, state, householdId, memberId)
    const { items } = await query(membershipItem, { pk: GSI1PK, between: [GSI1SK, GSI1SK], index: 'GSI1', limit: 1 })
    const member = items.find(
      (item) => item.scopeId === householdId && item.memberId === memberId && !hasEnded(item, now),
    )
    if (member !== undefined) return { ...member, compoundId }
  }
  throw new Missing()
}
