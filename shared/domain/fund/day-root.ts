import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { assert } from '#shared/kernel/assert.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Sha256 } from './head.ts'

/** A fund as it stood when a day ended: its last entry. */
export type FundStanding = { readonly fundId: string; readonly seq: number; readonly hash: string }

/** The root of a day over all funds, and what it was made of. */
export type RootOfDay = {
  readonly day: ShanghaiDay
  readonly prevRoot: string
  readonly funds: readonly FundStanding[]
  readonly root: string
}

/** The `prevRoot` of the first root. */
export const firstPrevRoot = (sha256: Sha256): string => sha256('roots')

/**
 * One hash over every fund that had an entry by the end of the day, and over the root before: who keeps the last root has
 * kept all. Funds are ordered by their ids in code units.
 */
export function rootOfDay(
  day: ShanghaiDay,
  standings: readonly FundStanding[],
  prevRoot: string,
  sha256: Sha256,
): RootOfDay {
  const funds = standings
    .filter(({ seq }) => seq > 0)
    .map(({ fundId, seq, hash }) => ({ fundId, seq, hash }))
    .sort((left, right) => (left.fundId < right.fundId ? -1 : 1))
  assert(new Set(funds.map(({ fundId }) => fundId)).size === funds.length, 'a fund is in a root once')
  return { day, prevRoot, funds, root: sha256(canonicalJson({ v: 1, day, funds, prevRoot })) }
}
