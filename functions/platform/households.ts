import { membershipItem } from './table/items/places.ts'
import { index } from './table/keys.ts'
import { queryAll } from './table/table.ts'

/** Of one compound: none of the district has more. */
export const HOUSEHOLDS_MAX = 20_000

/** Verified households of a compound (pattern 6). */
export async function countHouseholds(compoundId: string): Promise<number> {
  const { GSI1PK: pk } = index.compoundMembers(compoundId, '', '', '')
  const all = await queryAll(membershipItem, { pk, prefix: 'verified#', index: 'GSI1', max: HOUSEHOLDS_MAX })
  return new Set(all.map(({ scopeId }) => scopeId)).size
}
