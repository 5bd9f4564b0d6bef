import { assert } from '#shared/kernel/assert.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { quarterAfter, quarterBefore } from '#shared/kernel/quarters.ts'
import { afterStep, isOf, nextOfRanking, type Ranking, rowOf } from './ranking.ts'
import { NOTICE_DAYS } from './rules.ts'
import type { RankingStep } from './steps.ts'

/** The lists of the same community for the quarters beside it, as far as there are any. */
export type Neighbours = { readonly before: Ranking | undefined; readonly after: Ranking | undefined }

/** What the clock does now, if anything. */
export function clockStep(
  ranking: Ranking,
  quarter: string,
  neighbours: Neighbours,
  now: Instant,
  dayMs: number,
): RankingStep | undefined {
  const next = nextOfRanking(ranking)
  if (next === undefined || next.at > now) return undefined
  if (next.act === 'publish') {
    return { at: now, actor: 'system', facts: { act: 'publish', noticeUntil: plusMs(now, NOTICE_DAYS * dayMs) } }
  }
  return { at: now, actor: 'system', facts: { act: 'finish', motions: motionsOf(ranking, quarter, neighbours) } }
}

/**
 * Black in two final lists of quarters in a row opens a motion to the owners; whichever of the two is final last opens it. In
 * both it rests only on what was shown black when it was published and is black since: nobody could have appealed against what
 * was withheld then, or made black by a correction. For the same reason no correction opens one later.
 */
function motionsOf({ blackSincePublished: black }: Ranking, quarter: string, { before, after }: Neighbours) {
  const blackIn = (other: Ranking | undefined, quarters: readonly string[]) =>
    other?.state !== 'final'
      ? []
      : black
          .filter((row) => other.blackSincePublished.some((each) => isOf(each, row)))
          .map(({ bodyId, compoundId }) => ({ bodyId, compoundId, quarters }))
  return [...blackIn(before, [quarterBefore(quarter), quarter]), ...blackIn(after, [quarter, quarterAfter(quarter)])]
}

/** What a correction of one list means for a neighbour's motions that rested on it. */
export function lapseOf(corrected: Ranking, quarter: string, neighbour: Ranking): RankingStep | undefined {
  const step = corrected.steps.at(-1)
  assert(step?.facts.act === 'correct', 'a correction is what made it lapse')
  const { bodyId, compoundId } = step.facts
  if (rowOf(corrected.rows, step.facts)?.mark === 'black') return undefined
  const rests = neighbour.motions.some(
    (motion) =>
      isOf(motion, { bodyId, compoundId }) && motion.quarters.includes(quarter) && motion.lapsedAt === undefined,
  )
  if (!rests) return undefined
  const lapse: RankingStep = { at: step.at, actor: 'system', facts: { act: 'lapse', bodyId, compoundId, quarter } }
  afterStep(neighbour, lapse)
  return lapse
}
