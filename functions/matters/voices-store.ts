import { HOUSEHOLDS_MAX } from '#functions/platform/households.ts'
import { reporterOf } from '#shared/domain/matters/decide-act.ts'
import type { MatterRating } from '#shared/domain/matters/decide-system.ts'
import type { Matter } from '#shared/domain/matters/matter.ts'
import type { MatterPerson } from '#shared/domain/matters/persons.ts'
import { ratesAs } from '#shared/domain/matters/possible-acts.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { followingItem, matterRatingItem } from '#functions/platform/table/items/matters.ts'
import { matterIndex, matterKeys } from '#functions/platform/table/matter-keys.ts'
import {
  ALWAYS,
  batchGet,
  EXISTS,
  get,
  NOT_EXISTS,
  query,
  queryAll,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'
import { listed } from './matter-store.ts'

/** Whoever followed a matter that was merged follows the one that it was merged into. */
export async function isFollowingMatter(
  matterId: string,
  mergedFrom: readonly string[],
  personId: string,
): Promise<boolean> {
  return (await followedIds([matterId, ...mergedFrom], personId)).length > 0
}

export async function followedIds(matterIds: readonly string[], personId: string): Promise<string[]> {
  const found = await batchGet(
    followingItem,
    matterIds.map((matterId) => matterKeys.following(matterId, personId)),
  )
  return found.map(({ matterId }) => matterId)
}

/** Counted with the matter; only while it is open. */
export async function follow(matterId: string, personId: string, now: Instant): Promise<'done' | 'there' | 'closed'> {
  const item = followingItem.parse({ entity: 'matterFollowing', v: 1, matterId, followedAt: now })
  const done = await transact([
    { check: matterKeys.matter(matterId), condition: 'isOpen = :true', expression: { values: { ':true': true } } },
    {
      put: { ...matterKeys.following(matterId, personId), ...matterIndex.followed(personId, now, matterId), ...item },
      condition: NOT_EXISTS,
    },
    countWrite(matterId, 1),
  ])
  if (done.kind === 'done') return 'done'
  return done.failed.some(({ position }) => position === 1) ? 'there' : 'closed'
}

/** `countedBy`: the matter itself, or the one that it was merged into. */
export async function unfollow(matterId: string, countedBy: string, personId: string): Promise<void> {
  await transact([{ delete: matterKeys.following(matterId, personId), condition: EXISTS }, countWrite(countedBy, -1)])
}

function countWrite(matterId: string, added: number): Write {
  return {
    update: matterKeys.followers(matterId),
    set: 'SET #entity = :entity, #v = :v, #matterId = :matterId ADD #count :added',
    condition: ALWAYS,
    expression: {
      names: { '#entity': 'entity', '#v': 'v', '#matterId': 'matterId', '#count': 'count' },
      values: { ':entity': 'matterFollowers', ':v': 1, ':matterId': matterId, ':added': added },
    },
  }
}

/** Holds only while nobody follows it, whoever begins to at the same moment. */
export function unfollowedCheck(matterId: string): Write {
  const expression = { names: { '#count': 'count' }, values: { ':none': 0 } }
  return { check: matterKeys.followers(matterId), condition: 'attribute_not_exists(PK) OR #count = :none', expression }
}

/** When one matter goes into another: who followed it counts there. Holds only while nobody begins or ends following it. */
export function mergeFollowersWrites(from: string, into: string, followers: number): Write[] {
  const expression = { names: { '#count': 'count' }, values: { ':count': followers } }
  const condition = followers === 0 ? 'attribute_not_exists(PK) OR #count = :count' : '#count = :count'
  // Who raised it is one more with the same trouble.
  return [{ check: matterKeys.followers(from), condition, expression }, countWrite(into, followers + 1)]
}

/** Newest first (pattern M6). */
export async function pageOfFollowed(personId: string, limit: number, cursor: string | undefined) {
  const { GSI1PK: pk } = matterIndex.followed(personId, '', '')
  const page = await query(followingItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
  return { ...page, items: await listed(page.items.map(({ matterId }) => matterId)) }
}

// ── Ratings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Under which name a person's rating is kept: one for each household, and one for who told it to a worker. */
export function ratesUnder(matter: Matter, person: MatterPerson, isFollowing: boolean): string | undefined {
  const as = ratesAs(matter, person, isFollowing)
  if (as === undefined) return undefined
  if (as === 'for-reporter') return matter.reporters[0]?.householdId ?? 'told'
  // Of who raised it by the household that they named then: it stays the same when a worker confirms it, or they move.
  const reporter = as === 'reporter' ? reporterOf(matter, person) : undefined
  return reporter?.householdId ?? person.householdId ?? `person.${person.memberId}`
}

/** While it takes them, and not a moment longer: the matter's own item is the lock, whatever clock the caller has. */
export async function saveMatterRating(
  matterId: string,
  round: number,
  voterId: string,
  rating: MatterRating & { readonly ratedBy: string; readonly ratedAt: Instant; readonly byWorker: boolean },
): Promise<'saved' | 'over' | 'theirs'> {
  const item = matterRatingItem.parse({ entity: 'matterRating', v: 1, ...rating })
  const done = await transact([
    {
      check: matterKeys.matter(matterId),
      condition: '#state = :verified AND takesUntil > :now',
      expression: { names: { '#state': 'state' }, values: { ':verified': 'verified', ':now': rating.ratedAt } },
    },
    {
      put: { ...matterKeys.rating(matterId, round, voterId), ...item },
      // What a household has said itself nobody writes over for it.
      ...(rating.byWorker
        ? {
            condition: 'attribute_not_exists(PK) OR byWorker = :true',
            expression: { values: { ':true': true } },
          }
        : { condition: ALWAYS }),
    },
  ])
  if (done.kind === 'done') return 'saved'
  return done.failed.some(({ position }) => position === 0) ? 'over' : 'theirs'
}

export async function getMatterRating(matterId: string, round: number, voterId: string) {
  return get(matterRatingItem, matterKeys.rating(matterId, round, voterId))
}

/** Those of the present round: what was said before a reopening was about other work. */
export async function loadRatings(matterId: string, round: number | undefined): Promise<MatterRating[]> {
  assert(round !== undefined, 'it was verified')
  const { PK: pk, SK: prefix } = matterKeys.rating(matterId, round, '')
  const all = await queryAll(matterRatingItem, { pk, prefix, max: HOUSEHOLDS_MAX })
  return all.map(({ answered, solved, score, byReporter }) => ({ answered, solved, score, byReporter }))
}
