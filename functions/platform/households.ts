import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from './caller.ts'
import { membershipItem } from './table/items/places.ts'
import { index, keys } from './table/keys.ts'
import { batchGet, queryAll } from './table/table.ts'

/** Of one compound: none of the district has more. */
export const HOUSEHOLDS_MAX = 20_000

/** Verified households of a compound (pattern 6): those in which somebody's time has not run out. */
export async function countHouseholds(compoundId: string, now: Instant): Promise<number> {
  const { GSI1PK: pk } = index.compoundMembers(compoundId, '', '', '')
  const all = await queryAll(membershipItem, { pk, prefix: 'verified#', index: 'GSI1', max: HOUSEHOLDS_MAX })
  return new Set(all.filter((item) => isHeld(item, now)).map(({ scopeId }) => scopeId)).size
}

type Spoke = { readonly householdId: string; readonly personId: string }

/**
 * Of those who spoke for a household, who is a verified member of it now (read consistently). Who was found not to live there,
 * or moved away, speaks for it no more, and what they said for it does not count.
 */
export async function whoStillLivesThere(spoken: readonly Spoke[], now: Instant): Promise<(spoke: Spoke) => boolean> {
  const found = await batchGet(
    membershipItem,
    spoken.map(({ householdId, personId }) => keys.membership(personId, 'resident', householdId)),
  )
  const living = found.filter((item) => item.state === 'verified' && isHeld(item, now))
  const known = new Set(living.map(({ scopeId, personId }) => `${scopeId} ${personId}`))
  return ({ householdId, personId }) => known.has(`${householdId} ${personId}`)
}
