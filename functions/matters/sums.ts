import type { MatterFigures, RatingSums } from '#shared/contracts/matters.ts'
import type { BodyDelta, MonthDelta } from '#shared/domain/matters/figures.ts'
import { matterMonthItem } from '#functions/platform/table/items/matters.ts'
import type { Key } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { ALWAYS, query, type Write } from '#functions/platform/table/table.ts'

/** What a step adds to sums, in the step's own transaction: they are the fold of all steps at every moment. */
export function sumWrites(compoundId: string, months: readonly MonthDelta[], bodies: readonly BodyDelta[]): Write[] {
  return [
    ...months.map(({ month, sums, ratings }) =>
      addition(matterKeys.month(compoundId, month), { entity: 'matterMonth', month }, sums, ratings),
    ),
    ...bodies.map(({ bodyId, quarter, sums, ratings }) =>
      addition(
        matterKeys.bodyQuarter(compoundId, quarter, bodyId),
        { entity: 'bodyQuarter', bodyId, quarter },
        sums,
        ratings,
      ),
    ),
  ]
}

function addition(
  key: Key,
  named: Readonly<Record<string, string>>,
  sums: Readonly<Record<string, number>>,
  ratings: RatingSums | undefined,
): Write {
  const added = Object.entries({ ...sums, ...flat(ratings) }).filter(([, count]) => count !== 0)
  const set = Object.entries({ ...named, v: 1 })
  const names = [...set, ...added].map(([name]) => name)
  return {
    update: key,
    set: [
      `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ...(added.length === 0 ? [] : [`ADD ${added.map(([name]) => `#${name} :${name}`).join(', ')}`]),
    ].join(' '),
    condition: ALWAYS,
    expression: {
      names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      values: Object.fromEntries([...set, ...added].map(([name, value]) => [`:${name}`, value])),
    },
  }
}

function flat(ratings: RatingSums | undefined): Record<string, number> {
  if (ratings === undefined) return {}
  const { count, answered, solved, scores } = ratings
  const byScore = Object.fromEntries(scores.map((given, at) => [`score${at + 1}`, given]))
  return { ratings: count, ratedAnswered: answered, ratedSolved: solved, ...byScore }
}

/** The newest months of a compound (pattern M8). */
export async function loadMonths(compoundId: string, count: number): Promise<MatterFigures[]> {
  const { PK: pk } = matterKeys.month(compoundId, '')
  const { items } = await query(matterMonthItem, { pk, limit: count, newestFirst: true })
  return items.map(
    ({ month, raised, solved, unsolved, declined, proposed, tookDays, overdue, reopened, ...rated }) => ({
      ...{ month, raised, solved, unsolved, declined, proposed, tookDays, overdue, reopened },
      // Whichever is known of more: a month's number may come before its tickets do.
      hotline: Math.max(rated.hotline, rated.hotlineCount ?? 0),
      ratings: {
        ...{ count: rated.ratings, answered: rated.ratedAnswered, solved: rated.ratedSolved },
        scores: [rated.score1, rated.score2, rated.score3, rated.score4, rated.score5],
      },
    }),
  )
}
