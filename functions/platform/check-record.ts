import type { CheckScope } from '#shared/contracts/hooks-checks.ts'
import { type Instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'
import { Busy } from './busy.ts'
import { checkKeys } from './table/check-keys.ts'
import {
  checkAskedItem,
  type CheckAskedItem,
  checkChangeItem,
  type CheckItem,
  checkScopeItem,
  type CheckScopeItem,
  type CheckSigningItem,
  checkToAskItem,
} from './table/items/checks.ts'
import { ALWAYS, batchGet, get, NOT_EXISTS, query, queryAll, transact, type Write } from './table/table.ts'

export const scopeIdOf = (scope: CheckScope): string => (scope.kind === 'district' ? 'all' : scope.id)

/** Whose checks a payment of this community waits for. */
const scopesFor = (communityId: string): readonly CheckScope[] => [
  { kind: 'district' },
  { kind: 'community', id: communityId },
]

export function getCheckScope(scope: CheckScope): Promise<CheckScopeItem | undefined> {
  return get(checkScopeItem, checkKeys.checkScope(scope.kind, scopeIdOf(scope)))
}

export type CheckToAsk = { readonly check: CheckItem; readonly signing: CheckSigningItem }

/**
 * The checks that are on for payments of a community, and `holds`: conditions under which that is still so. Whoever writes
 * with them cannot have missed one that was switched on meanwhile.
 */
export async function checksInForce(
  communityId: string,
): Promise<{ readonly checks: readonly CheckToAsk[]; readonly holds: readonly Write[] }> {
  const found = await Promise.all(
    scopesFor(communityId).map(async (scope) => ({ scope, item: await getCheckScope(scope) })),
  )
  const ids = found.flatMap(({ item }) => item?.on ?? [])
  const items = await batchGet(
    checkToAskItem,
    ids.flatMap((checkId) => [checkKeys.check(checkId), checkKeys.checkSigning(checkId)]),
  )
  const checks = ids.map((checkId) => {
    const check = items.find((item) => item.entity === 'check' && item.checkId === checkId)
    const signing = items.find((item) => item.entity === 'checkKeys' && item.checkId === checkId)
    // Removed since its scope was read.
    if (check?.entity !== 'check' || signing?.entity !== 'checkKeys') throw new Busy()
    return { check, signing }
  })
  return { checks, holds: found.map(({ scope, item }) => hold(scope, item)) }
}

function hold(scope: CheckScope, item: CheckScopeItem | undefined): Write {
  const check = checkKeys.checkScope(scope.kind, scopeIdOf(scope))
  if (item === undefined) return { check, condition: NOT_EXISTS }
  return { check, condition: 'revision = :was', expression: { values: { ':was': item.revision } } }
}

/** A question is kept before it is asked, and once more with what came of it. */
export async function keepQuestion(item: CheckAskedItem): Promise<void> {
  const { checkId, at, questionId } = item
  await transact([
    { put: { ...checkKeys.checkAsked(checkId, at, questionId), ...checkAskedItem.parse(item) }, condition: ALWAYS },
  ])
}

/** Machines' clocks differ, and a request takes a while: what was switched so near to a moment may be before or after it. */
const NEAR_MS = 10 * MINUTE_MS
const CHANGES_NEAR_MAX = 10_000

/** Checks that were on for payments of a community all the time around a moment. */
export async function checksAround(communityId: string, at: Instant): Promise<readonly string[]> {
  const [from, to] = [plusMs(at, -NEAR_MS), plusMs(at, NEAR_MS)]
  const found = await Promise.all(
    scopesFor(communityId).map(async (scope) => {
      const { PK: pk } = checkKeys.checkScope(scope.kind, scopeIdOf(scope))
      const [before, near] = await Promise.all([
        query(checkChangeItem, { pk, between: ['CHANGE#', `CHANGE#${from}`], newestFirst: true, limit: 1 }),
        queryAll(checkChangeItem, { pk, between: [`CHANGE#${from}`, `CHANGE#${to}~`], max: CHANGES_NEAR_MAX }),
      ])
      return (before.items[0]?.on ?? []).filter((checkId) => near.every(({ on }) => on.includes(checkId)))
    }),
  )
  return found.flat()
}
