import { ofRankingId, rankingIdOf } from '#shared/domain/rankings/list-id.ts'
import { afterStep, foldRanking, nextOfRanking, openAppeals, type Ranking } from '#shared/domain/rankings/ranking.ts'
import { RANKING_BODIES_MAX, RANKING_ROWS_MAX } from '#shared/domain/rankings/rules.ts'
import type { RankingStep } from '#shared/domain/rankings/steps.ts'
import { assert } from '#shared/kernel/assert.ts'
import { quarterAfter, quarterBefore } from '#shared/kernel/quarters.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import {
  rankingEventItem,
  rankingItem,
  type RankingItem,
  rankingMarkItem,
  rankingPartitionItem,
  rankingStepItem,
} from '#functions/platform/table/items/rankings.ts'
import { rankingIndex, rankingKeys } from '#functions/platform/table/ranking-keys.ts'
import { ALWAYS, batchGet, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

/** Two steps for each row that is appealed against, corrections, a mark for each body, and some of the clock. */
const PARTITION_MAX = 2 * RANKING_ROWS_MAX + RANKING_BODIES_MAX + 250

export type LoadedRanking = { readonly item: RankingItem; readonly ranking: Ranking }

/** A list with all its steps, read consistently (pattern R1). */
export async function loadRanking(rankingId: string): Promise<LoadedRanking | undefined> {
  const items = await queryAll(rankingPartitionItem, { pk: rankingKeys.ranking(rankingId).PK, max: PARTITION_MAX })
  const item = items.find((each) => each.entity === 'ranking')
  if (item === undefined) return undefined
  const steps = items
    .filter((each) => each.entity === 'rankingStep')
    .sort((left, right) => left.number - right.number)
    .map(({ entity: _entity, v: _v, number: _number, ...step }) => step as RankingStep)
  assert(steps.length === item.steps, 'a list has all its steps')
  return { item, ranking: foldRanking(steps) }
}

export type LoadedNeighbours = {
  readonly before: LoadedRanking | undefined
  readonly after: LoadedRanking | undefined
}

export async function loadNeighbours(rankingId: string): Promise<LoadedNeighbours> {
  const { quarter, communityId } = ofRankingId(rankingId)
  const [before, after] = await Promise.all([
    loadRanking(rankingIdOf(quarterBefore(quarter), communityId)),
    loadRanking(rankingIdOf(quarterAfter(quarter), communityId)),
  ])
  return { before, after }
}

/** Holds only if a neighbour is still what was read: a motion rests on both. */
export function neighbourChecks(rankingId: string, { before, after }: LoadedNeighbours): Write[] {
  const { quarter, communityId } = ofRankingId(rankingId)
  const check = (of: string, loaded: LoadedRanking | undefined): Write => ({
    check: rankingKeys.ranking(rankingIdOf(of, communityId)),
    ...(loaded === undefined ? { condition: NOT_EXISTS } : unchanged(loaded.item.steps)),
  })
  return [check(quarterBefore(quarter), before), check(quarterAfter(quarter), after)]
}

const unchanged = (steps: number) => ({
  condition: '#steps = :before',
  expression: { names: { '#steps': 'steps' }, values: { ':before': steps } },
})

type Named = Pick<RankingItem, 'rankingId' | 'communityId' | 'communityName' | 'quarter'>

/** The first step of a list: it holds only if there is none, whoever else asks at the same moment. */
export async function saveFrozen(named: Named, step: RankingStep): Promise<'saved' | 'again'> {
  const ranking = foldRanking([step])
  const { rankingId } = named
  const bodyIds = [...new Set(ranking.frozen.map(({ bodyId }) => bodyId))]
  assert(ranking.frozen.length <= RANKING_ROWS_MAX, 'a list has as many rows as an item holds')
  assert(bodyIds.length <= RANKING_BODIES_MAX, 'a list has as many bodies as a transaction holds')
  const mark = markOf(rankingId)
  const done = await transact([
    ...stepWrites(named, undefined, ranking),
    ...bodyIds.map((bodyId): Write => ({
      put: { ...rankingKeys.ofBody(rankingId, bodyId), ...rankingIndex.ofBody(bodyId, rankingId), ...mark },
      condition: NOT_EXISTS,
    })),
  ])
  return done.kind === 'done' ? 'saved' : 'again'
}

/** Adds a step if nobody took another one meanwhile; `also` holds or fails with it. */
export async function saveStep(
  { item, ranking }: LoadedRanking,
  step: RankingStep,
  also: readonly Write[] = [],
): Promise<'saved' | 'again'> {
  const done = await transact([...nextStepWrites({ item, ranking }, step), ...also])
  return done.kind === 'done' ? 'saved' : 'again'
}

export function nextStepWrites({ item, ranking }: LoadedRanking, step: RankingStep): Write[] {
  return stepWrites(item, ranking, afterStep(ranking, step))
}

const markOf = (rankingId: string) => rankingMarkItem.parse({ entity: 'rankingMark', v: 1, rankingId })

const padded = (number: number) => String(number).padStart(4, '0')

/** The step, where the list stands now, where the clock finds it, and its event. The first two are the lock. */
function stepWrites(named: Named, before: Ranking | undefined, ranking: Ranking): Write[] {
  const { rankingId, communityId, communityName, quarter } = named
  const number = ranking.steps.length
  const step = ranking.steps.at(-1)
  assert(step !== undefined && (before?.steps.length ?? 0) === number - 1, 'one step at a time')
  const { state, frozenAt, previewUntil, publishedAt, noticeUntil, finalAt, frozen } = ranking
  const item = rankingItem.parse({
    ...{ entity: 'ranking', v: 1, rankingId, communityId, communityName, quarter, steps: number, state },
    ...{ frozenAt, previewUntil, publishedAt, noticeUntil, finalAt },
    openAppeals: openAppeals(ranking).length,
    bodyIds: [...new Set(frozen.map(({ bodyId }) => bodyId))],
  })
  const stepItem = rankingStepItem.parse({ entity: 'rankingStep', v: 1, number, ...step })
  const event = rankingEventItem.parse({
    ...{ entity: 'event', v: 1, type: 'ranking.moved.v1', rankingId, communityId },
    ...{ step: number, state, occurredAt: step.at },
  })
  return [
    {
      put: { ...rankingKeys.ranking(rankingId), ...rankingIndex.ofCommunity(communityId, rankingId), ...item },
      ...(number === 1 ? { condition: NOT_EXISTS } : unchanged(number - 1)),
    },
    { put: { ...rankingKeys.step(rankingId, number), ...stepItem }, condition: NOT_EXISTS },
    dueWrite(rankingId, ranking),
    {
      put: { ...rankingKeys.event(communityId, shanghaiDay(step.at), `${rankingId}#${padded(number)}`), ...event },
      condition: NOT_EXISTS,
    },
  ]
}

/** With every step, whether or not the time is another one: a mark that is missing or wrong is right after it. */
function dueWrite(rankingId: string, ranking: Ranking): Write {
  const next = nextOfRanking(ranking)?.at
  const key = rankingKeys.due(rankingId)
  if (next === undefined) return { delete: key, condition: ALWAYS }
  return { put: { ...key, ...rankingIndex.due(next, rankingId), ...markOf(rankingId) }, condition: ALWAYS }
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────

type Asked = { readonly limit: number; readonly cursor: string | undefined }
type Listed = { readonly items: RankingItem[]; readonly nextCursor?: string }

/** Lists of a community, newest first (pattern R2). */
export function pageOfCommunity(communityId: string, asked: Asked): Promise<Listed> {
  const { GSI1PK: pk } = rankingIndex.ofCommunity(communityId, '')
  return query(rankingItem, { pk, index: 'GSI1', newestFirst: true, ...asked })
}

/** Lists on which a body is, newest first (pattern R4). */
export async function pageOfBody(bodyId: string, asked: Asked): Promise<Listed> {
  const { GSI1PK: pk } = rankingIndex.ofBody(bodyId, '')
  const page = await query(rankingMarkItem, { pk, index: 'GSI1', newestFirst: true, ...asked })
  const items = await batchGet(
    rankingItem,
    page.items.map(({ rankingId }) => rankingKeys.ranking(rankingId)),
  )
  return { ...page, items: items.sort((left, right) => (left.rankingId > right.rankingId ? -1 : 1)) }
}

/** Lists that the clock must act on by now, oldest first (pattern R3). */
export async function dueRankings(at: Instant, limit: number): Promise<string[]> {
  const { GSI1PK: pk } = rankingIndex.due('', '')
  // Whatever is due at this very moment is in the range too.
  const page = await query(rankingMarkItem, { pk, index: 'GSI1', between: ['0', `${at}#~`], limit })
  return page.items.map(({ rankingId }) => rankingId)
}
