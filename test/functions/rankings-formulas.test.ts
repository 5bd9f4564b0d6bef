import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exportText, hashOfFrozen } from '#functions/rankings/ranking-view.ts'
import { rankingItem, rankingStepItem } from '#functions/platform/table/items/rankings.ts'
import type { RankingCounts, RankingFormula } from '#shared/contracts/rankings.ts'
import { decideCorrection } from '#shared/domain/rankings/decide-act.ts'
import { afterStep, foldRanking, type Ranking } from '#shared/domain/rankings/ranking.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'
import type { RankingStep } from '#shared/domain/rankings/steps.ts'
import { row, supervisor } from '../domain/rankings-story.ts'

/** As the first lists were frozen and kept, before anything was said of what left a body. */
const first: RankingFormula = {
  ...{ version: 1, zHundredths: 196, weights: { inTime: 30, solved: 30, content: 30, hotline: 10 } },
  ...{ hotlineStep: 1_000, floors: { assigned: 10, closed: 10, ratings: 10, households: 20 } },
  ...{ redFrom: 7_500, redOneIn: 5, blackBelow: 4_000, blackUpperBelow: 7_500 },
}
const good: RankingCounts = {
  ...{ assigned: 60, overdue: 0, solved: 60, unsolved: 0, ratings: 60, content: 60, hotline: 0, households: 200 },
}
const bad: RankingCounts = { ...good, overdue: 50, solved: 10, unsolved: 50, content: 10 }
const frozen = (formula: RankingFormula, counts: RankingCounts): RankingStep => ({
  ...{ at: '2026-10-12T02:00:00.000Z', actor: 'admin', personId: 'admin' },
  facts: {
    ...{ act: 'freeze', formula, rows: [row('property', counts), row('rival', good)], hash: 'hash' },
    previewUntil: '2026-10-19T16:00:00.000Z',
  },
})
const published: RankingStep = {
  ...{ at: '2026-10-20T02:00:00.000Z', actor: 'system' },
  facts: { act: 'publish', noticeUntil: '2026-10-27T02:00:00.000Z' },
}
const correction: RankingStep = {
  ...{ at: '2026-10-21T02:00:00.000Z', actor: 'supervisor', personId: 's' },
  facts: {
    ...{ act: 'correct', bodyId: 'property', compoundId: 'c-1', note: '五件是水务公司的，记错了' },
    counts: { assigned: 55, overdue: 45 },
  },
}
/** Kept and read again, as the table does. */
const kept = (steps: readonly RankingStep[]): Ranking =>
  foldRanking(
    steps.map((step, at) => {
      const item = rankingStepItem.parse(
        JSON.parse(JSON.stringify({ entity: 'rankingStep', v: 1, number: at + 1, ...step })),
      )
      const { entity: _entity, v: _v, number: _number, ...read } = item
      return read as RankingStep
    }),
  )
const item = rankingItem.parse({
  ...{ entity: 'ranking', v: 1, rankingId: '2026-q3.xinhua', communityId: 'xinhua', communityName: '新华社区' },
  ...{ quarter: '2026-q3', steps: 3, state: 'published', frozenAt: '2026-10-12T02:00:00.000Z' },
  ...{ previewUntil: '2026-10-19T16:00:00.000Z', openAppeals: 0, bodyIds: ['property', 'rival'] },
})
const correct = (ranking: Ranking, counts: object) =>
  decideCorrection(
    ranking,
    { bodyId: 'property', compoundId: 'c-1', note: '又查出来几件，一并更正', counts },
    supervisor,
    '2026-10-22T02:00:00.000Z',
  )

describe('a list by the first formula', () => {
  it('is the same bytes as ever, its corrections included', () => {
    const ranking = kept([frozen(first, bad), published, correction])
    const sha256 = createHash('sha256').update(exportText({ item, ranking })).digest('hex')
    // Made by what froze and exported them then.
    expect(sha256).toBe('65b1fc93e05bbe04907e629f21f36e760ddd5d0313da1c76b78f90209f310630')
    expect(hashOfFrozen(item, ranking)).toBe('c9efa5ca0f53b87844b0656f019be24dec353d004ffeb82b142fc9a1b9a39576')
  })

  it('knows nothing of what left: nobody corrects what it has not', () => {
    const ranking = kept([frozen(first, bad), published])
    expect(correct(ranking, { left: 3 })).toMatchObject({ code: 'FIGURES_WRONG', fields: { left: expect.any(String) } })
    expect(correct(ranking, { left: 0 })).toMatchObject({ code: 'FIGURES_WRONG' })
  })
})

describe('a list by the second formula', () => {
  const counts = { ...bad, left: 4 }

  it('is measured by what did not leave', () => {
    const [good60, left] = kept([frozen(rankingFormula, counts), published]).rows
    expect(good60).toMatchObject({ bodyId: 'rival', counts: good })
    expect(left).toMatchObject({ counts: { assigned: 60, left: 4 } })
    const of = (change: object) => kept([frozen(rankingFormula, { ...counts, ...change })]).rows[1]?.lower?.inTime
    expect(of({})).toBe(of({ assigned: 56, left: 0 }))
    expect(of({})).not.toBe(of({ left: 0 }))
  })

  it('is corrected in what left, and never to more than was given', () => {
    const ranking = kept([frozen(rankingFormula, counts), published])
    expect(correct(ranking, { left: 61 })).toMatchObject({
      code: 'FIGURES_WRONG',
      fields: { left: expect.any(String) },
    })
    expect(correct(ranking, { assigned: 3 })).toMatchObject({ code: 'FIGURES_WRONG' })
    const decided = correct(ranking, { left: 6 })
    if (decided.kind !== 'step') throw new Error(decided.kind)
    expect(afterStep(ranking, decided.step).rows[1]?.counts).toMatchObject({ assigned: 60, left: 6 })
  })
})
