import {
  countNames,
  type CorrectedCounts,
  type RankingCounts,
  type RankingFormula,
  type RankingRow,
  type RankingState,
  type RankingSubject,
} from '#shared/contracts/rankings.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inOrder, rankRows } from './score.ts'
import type { RankingFacts, RankingStep, RowName } from './steps.ts'

export type Appeal = RowName & {
  readonly at: Instant
  readonly note: string
  readonly decideBy: Instant
  readonly decision?: {
    readonly at: Instant
    readonly upheld: boolean
    readonly note: string
    readonly counts?: CorrectedCounts
  }
}
export type Correction = RowName & { readonly at: Instant; readonly note: string; readonly counts: CorrectedCounts }
export type Motion = RowName & {
  readonly at: Instant
  readonly quarters: readonly string[]
  readonly lapsedAt?: Instant
}

/** A list as it stands: nothing but what its steps add up to. */
export type Ranking = {
  readonly steps: readonly RankingStep[]
  readonly state: RankingState
  readonly formula: RankingFormula
  readonly hash: string
  readonly frozenAt: Instant
  readonly frozenBy: string | undefined
  readonly withoutHotline: boolean
  readonly previewUntil: Instant
  readonly publishedAt?: Instant
  readonly noticeUntil?: Instant
  readonly finalAt?: Instant
  /** As they were frozen, and as they are now. */
  readonly frozen: readonly RankingRow[]
  readonly rows: readonly RankingRow[]
  /** Rows that were shown black when it was published, and have been black at every step since. */
  readonly blackSincePublished: readonly RowName[]
  readonly appeals: readonly Appeal[]
  readonly corrections: readonly Correction[]
  readonly motions: readonly Motion[]
}

/** What is possible in which state; the clock publishes and finishes. */
export const transitions: Readonly<Record<RankingState, readonly RankingFacts['act'][]>> = {
  preview: ['appeal', 'decide', 'publish'],
  published: ['decide', 'correct', 'finish'],
  final: ['decide', 'correct', 'lapse'],
}

export function foldRanking(steps: readonly RankingStep[]): Ranking {
  const [first, ...rest] = steps
  assert(first?.facts.act === 'freeze', 'a list begins with being frozen')
  const { formula, rows, hash, previewUntil } = first.facts
  const frozen = rankRows(rows, formula)
  const begun: Ranking = {
    ...{ steps: [first], state: 'preview', formula, hash, previewUntil, frozen, rows: frozen },
    ...{ frozenAt: first.at, frozenBy: first.personId, appeals: [], corrections: [], motions: [] },
    ...{ blackSincePublished: [], withoutHotline: first.facts.withoutHotline === true },
  }
  return rest.reduce(afterStep, begun)
}

export function afterStep(ranking: Ranking, step: RankingStep): Ranking {
  const after = withheld(changedBy(ranking, step))
  const shown = step.facts.act === 'publish' ? after.rows : ranking.blackSincePublished
  return { ...after, blackSincePublished: shown.filter((row) => rowOf(after.rows, row)?.mark === 'black') }
}

/**
 * What is published while nobody has decided the appeal against it stands there without a mark, and without all that would say
 * the same in other words: place, score, bounds. It comes after those who have a place.
 */
function withheld(ranking: Ranking): Ranking {
  const open = ranking.state === 'preview' ? [] : openAppeals(ranking)
  if (open.length === 0) return ranking
  const isOpen = (row: RankingRow) => open.some((appeal) => isOf(appeal, row))
  const rows = ranking.rows.map((row): RankingRow => (isOpen(row) ? { ...subjectOf(row), mark: 'withheld' } : row))
  return { ...ranking, rows: rows.sort(inOrder) }
}

function changedBy(ranking: Ranking, step: RankingStep): Ranking {
  const { facts, at } = step
  assert(transitions[ranking.state].includes(facts.act), `no ${facts.act} in ${ranking.state}`)
  const after = { ...ranking, steps: [...ranking.steps, step] }
  switch (facts.act) {
    case 'freeze':
      throw new Error('frozen once')
    case 'appeal': {
      const { act: _act, ...appeal } = facts
      return { ...after, appeals: [...ranking.appeals, { ...appeal, at }] }
    }
    case 'decide': {
      const { upheld, note, counts } = facts
      const decision = { at, upheld, note, ...(counts === undefined ? {} : { counts }) }
      const appeals = ranking.appeals.map((each) => (isOf(each, facts) ? { ...each, decision } : each))
      return { ...after, appeals, rows: corrected(ranking, facts, counts ?? {}) }
    }
    case 'publish':
      return { ...after, state: 'published', publishedAt: at, noticeUntil: facts.noticeUntil }
    case 'correct': {
      const { act: _act, ...correction } = facts
      const rows = corrected(ranking, facts, facts.counts)
      return {
        ...after,
        rows,
        corrections: [...ranking.corrections, { ...correction, at }],
        motions: rowOf(rows, facts)?.mark === 'black' ? ranking.motions : lapsed(ranking.motions, facts, at),
      }
    }
    case 'finish':
      return { ...after, state: 'final', finalAt: at, motions: facts.motions.map((motion) => ({ ...motion, at })) }
    case 'lapse': {
      const rests = (motion: Motion) => isOf(motion, facts) && motion.quarters.includes(facts.quarter)
      return {
        ...after,
        motions: ranking.motions.map((motion) => (rests(motion) ? { lapsedAt: at, ...motion } : motion)),
      }
    }
  }
}

function lapsed(motions: readonly Motion[], of: RowName, at: Instant): Motion[] {
  return motions.map((motion) => (isOf(motion, of) ? { lapsedAt: at, ...motion } : motion))
}

function corrected({ rows, formula }: Ranking, of: RowName, counts: CorrectedCounts): RankingRow[] {
  const subjects = rows.map(subjectOf)
  return rankRows(
    subjects.map((each) => (isOf(each, of) ? { ...each, counts: withCounts(each.counts, counts) } : each)),
    formula,
  )
}

export function withCounts(counts: RankingCounts, changed: CorrectedCounts): RankingCounts {
  // What is not there stays absent: a list by the first formula is the same bytes for ever.
  const now = countNames.flatMap((name) => {
    const value = changed[name] ?? counts[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(now) as RankingCounts
}

function subjectOf({ bodyId, bodyName, compoundId, compoundName, counts }: RankingRow): RankingSubject {
  return { bodyId, bodyName, compoundId, compoundName, counts }
}

export function isOf(each: RowName, { bodyId, compoundId }: RowName): boolean {
  return each.bodyId === bodyId && each.compoundId === compoundId
}

export function rowOf(rows: readonly RankingRow[], of: RowName): RankingRow | undefined {
  return rows.find((row) => isOf(row, of))
}

export function openAppeals({ appeals }: Ranking): Appeal[] {
  return appeals.filter(({ decision }) => decision === undefined)
}

/** When the clock has to act, and what it does. A preview waits for the appeals that may still be decided in time. */
export function nextOfRanking(
  ranking: Ranking,
): { readonly act: 'publish' | 'finish'; readonly at: Instant } | undefined {
  if (ranking.state === 'preview') {
    const until = openAppeals(ranking).map(({ decideBy }) => decideBy)
    return { act: 'publish', at: until.reduce((last, at) => (at > last ? at : last), ranking.previewUntil) }
  }
  if (ranking.state === 'published') {
    assert(ranking.noticeUntil !== undefined, 'a notice has an end')
    return { act: 'finish', at: ranking.noticeUntil }
  }
  return undefined
}

export type Change = { readonly at: Instant; readonly note: string; readonly counts: CorrectedCounts } & RowName

/** Every change of counts since it was frozen, in the order in which they were made: by appeals that were upheld, by corrections. */
export function changesOf({ steps }: Ranking): Change[] {
  return steps.flatMap(({ at, facts }) => {
    if (facts.act !== 'decide' && facts.act !== 'correct') return []
    const { bodyId, compoundId, note, counts } = facts
    return counts === undefined ? [] : [{ bodyId, compoundId, at, note, counts }]
  })
}

/** What is frozen, line by line: the bytes of these lines are what the hash is of. */
export function frozenLines(
  named: { readonly rankingId: string; readonly communityId: string; readonly quarter: string },
  formula: RankingFormula,
  frozen: readonly RankingRow[],
  frozenAt: Instant,
): object[] {
  return [
    { kind: 'list', format: 'xianglai-ranking-1', ...named, frozenAt, formula },
    ...frozen.map((row) => ({ kind: 'row', ...row })),
  ]
}
