import type {
  RankingCounts,
  RankingFigures,
  RankingFormula,
  RankingRow,
  RankingSubject,
} from '#shared/contracts/rankings.ts'
import { wilsonLower, wilsonUpper } from './wilson.ts'

type Scored = {
  readonly score: number
  readonly upperScore: number
  readonly lower: RankingFigures
  readonly upper: RankingFigures
}

/** Counts that cannot be: more content ratings than ratings, more that left than were given. */
export function wrongCountOf({ content, ratings, assigned, left = 0 }: RankingCounts): 'content' | 'left' | undefined {
  if (content > ratings) return 'content'
  return left > assigned ? 'left' : undefined
}

/** What a body is measured by in time: what it was given, without what left it unanswered and before it was late. */
export function keptOf({ assigned, left = 0 }: RankingCounts): number {
  return Math.max(0, assigned - left)
}

/** Which of the floors a sample does not reach. */
export function missingOf(counts: RankingCounts, { floors }: RankingFormula): (keyof RankingFormula['floors'])[] {
  const have = { ...counts, assigned: keptOf(counts), closed: counts.solved + counts.unsolved }
  return (['assigned', 'closed', 'ratings', 'households'] as const).filter((name) => have[name] < floors[name])
}

/** The score of one row; nothing where the sample is too small. */
export function scoreOf(counts: RankingCounts, formula: RankingFormula): Scored | undefined {
  if (missingOf(counts, formula).length > 0) return undefined
  const { overdue, solved, unsolved, content, ratings } = counts
  const kept = keptOf(counts)
  // A term of the quarter before, or a second one of the same matter, may run out too: there are not fewer than none in time.
  const rates = {
    inTime: [Math.max(0, kept - overdue), kept],
    solved: [solved, solved + unsolved],
    content: [content, ratings],
  } as const
  const hotline = hotlineFigure(counts, formula)
  const bounds = (bound: typeof wilsonLower): RankingFigures => ({
    inTime: bound(...rates.inTime, formula.zHundredths),
    solved: bound(...rates.solved, formula.zHundredths),
    content: bound(...rates.content, formula.zHundredths),
    hotline,
  })
  const [lower, upper] = [bounds(wilsonLower), bounds(wilsonUpper)]
  return { score: weighed(lower, formula), upperScore: weighed(upper, formula), lower, upper }
}

/** What tickets for each hundred verified households leave of 10,000, rounded down. */
function hotlineFigure({ hotline, households }: RankingCounts, { hotlineStep }: RankingFormula): number {
  return Math.max(0, 10_000 - Math.ceil((hotline * 100 * hotlineStep) / households))
}

function weighed(figures: RankingFigures, { weights }: RankingFormula): number {
  const names = ['inTime', 'solved', 'content', 'hotline'] as const
  return Math.floor(names.reduce((sum, name) => sum + weights[name] * figures[name], 0) / 100)
}

/** All rows of a list: the best first, equal scores with one place, and who is not ranked at the end. */
export function rankRows(subjects: readonly RankingSubject[], formula: RankingFormula): RankingRow[] {
  const all = subjects.map((subject) => ({ subject, scored: scoreOf(subject.counts, formula) }))
  const scores = all.flatMap(({ scored }) => (scored === undefined ? [] : [scored.score]))
  const best = Math.ceil(scores.length / formula.redOneIn)
  const rows = all.map(({ subject, scored }): RankingRow => {
    if (scored === undefined) return { ...subject, mark: 'unranked' }
    const place = 1 + scores.filter((score) => score > scored.score).length
    return { ...subject, mark: markOf(scored, place <= best, formula), place, ...scored }
  })
  return rows.sort(inOrder)
}

function markOf({ score, upperScore }: Scored, isOfTheBest: boolean, formula: RankingFormula): RankingRow['mark'] {
  if (score >= formula.redFrom && isOfTheBest) return 'red'
  return score < formula.blackBelow && upperScore < formula.blackUpperBelow ? 'black' : 'plain'
}

/** By place; who has none comes last. */
export function inOrder(left: RankingRow, right: RankingRow): number {
  const byPlace = (left.place ?? Number.MAX_SAFE_INTEGER) - (right.place ?? Number.MAX_SAFE_INTEGER)
  if (byPlace !== 0) return byPlace
  return nameOf(left) < nameOf(right) ? -1 : 1
}

const nameOf = ({ compoundId, bodyId }: RankingSubject) => `${compoundId}#${bodyId}`
