import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RankingCounts, RankingSubject } from '#shared/contracts/rankings.ts'
import { rankingFormula as formula } from '#shared/domain/rankings/rules.ts'
import { missingOf, rankRows, scoreOf } from '#shared/domain/rankings/score.ts'
import { wilsonLower, wilsonUpper } from '#shared/domain/rankings/wilson.ts'

type Vectors = {
  wilson: { hits: number; of: number; lower: number; upper: number }[]
  rows: { name: string; counts: RankingCounts; ranked?: ReturnType<typeof scoreOf> }[]
}
const vectors = JSON.parse(
  readFileSync(new URL('../../shared/domain/rankings/ranking-vectors.json', import.meta.url), 'utf8'),
) as Vectors
const Z = formula.zHundredths

describe('the published vectors', () => {
  it.each(vectors.wilson)('have $hits of $of between $lower and $upper basis points', ({ hits, of, lower, upper }) => {
    expect(wilsonLower(hits, of, Z)).toBe(lower)
    expect(wilsonUpper(hits, of, Z)).toBe(upper)
  })

  it.each(vectors.rows)('of a row: $name', ({ counts, ranked }) => {
    expect(scoreOf(counts, formula)).toEqual(ranked)
  })
})

const some = fc
  .integer({ min: 1, max: 3_000 })
  .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)))

describe("Wilson's lower bound", () => {
  it('is never above the plain rate, and the upper one never below it', () => {
    fc.assert(
      fc.property(some, ([hits, of]) => {
        expect(wilsonLower(hits, of, Z)).toBeLessThanOrEqual(Math.floor((10_000 * hits) / of))
        expect(wilsonUpper(hits, of, Z)).toBeGreaterThanOrEqual(Math.ceil((10_000 * hits) / of))
      }),
    )
  })

  it('grows with the sample where the rate stays', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 20 }), ([hits, of], times) => {
        const [less, more] = [
          wilsonLower(hits * times, of * times, Z),
          wilsonLower(hits * (times + 1), of * (times + 1), Z),
        ]
        expect(more).toBeGreaterThanOrEqual(less)
      }),
    )
  })

  it('grows with every hit', () => {
    fc.assert(
      fc.property(some, ([hits, of]) => {
        fc.pre(hits < of)
        expect(wilsonLower(hits + 1, of, Z)).toBeGreaterThanOrEqual(wilsonLower(hits, of, Z))
      }),
    )
  })

  it('is within a basis point of the formula in floating point, and of nothing 0', () => {
    fc.assert(
      fc.property(some, ([hits, of]) => {
        const [p, z] = [hits / of, Z / 100]
        const root = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
        const bound = (10_000 * (p + (z * z) / (2 * of) - root)) / (1 + (z * z) / of)
        expect(bound - wilsonLower(hits, of, Z)).toBeGreaterThan(-0.001)
        expect(bound - wilsonLower(hits, of, Z)).toBeLessThan(1.001)
      }),
    )
    expect(wilsonLower(0, 0, Z)).toBe(0)
    expect(wilsonUpper(0, 0, Z)).toBe(10_000)
  })
})

const count = fc.integer({ min: 0, max: 80 })
const counts = fc
  .record({
    ...{ assigned: count, overdue: count, solved: count, unsolved: count, ratings: count },
    ...{ hotline: count, households: fc.integer({ min: 0, max: 800 }), share: fc.integer({ min: 0, max: 100 }) },
  })
  .map(({ share, ...rest }): RankingCounts => ({ ...rest, content: Math.floor((rest.ratings * share) / 100) }))
const subjects = fc.array(counts, { maxLength: 14 }).map((all) =>
  all.map((each, at): RankingSubject => ({
    ...{ bodyId: `b-${at % 4}`, bodyName: `公司${at % 4}`, compoundId: `c-${at}`, compoundName: `小区${at}` },
    counts: each,
  })),
)
const good: RankingCounts = {
  ...{ assigned: 60, overdue: 0, solved: 60, unsolved: 0, ratings: 60, content: 60, hotline: 0, households: 200 },
}
const bad: RankingCounts = { ...good, overdue: 50, solved: 10, unsolved: 50, content: 10 }
const named = (...all: RankingCounts[]) =>
  all.map((each, at): RankingSubject => ({
    ...{ bodyId: `b-${at}`, bodyName: `公司${at}`, compoundId: 'c', compoundName: '小区' },
    counts: each,
  }))

describe('a list', () => {
  it('does not rank whoever is below a floor, whatever they did', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        for (const row of rankRows(all, formula)) {
          const isSmall = missingOf(row.counts, formula).length > 0
          expect(row.mark === 'unranked').toBe(isSmall)
          expect(row.place === undefined).toBe(isSmall)
        }
      }),
    )
    const [first, last] = rankRows(named({ ...good, assigned: 1, solved: 1, ratings: 1, content: 1 }, bad), formula)
    expect(first).toMatchObject({ bodyId: 'b-1', place: 1 })
    expect(last).toMatchObject({ bodyId: 'b-0', mark: 'unranked' })
    expect(last).not.toHaveProperty('score')
  })

  it('gives places by score, and the same place for the same score', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        const ranked = rankRows(all, formula).filter(({ mark }) => mark !== 'unranked')
        for (const row of ranked) {
          expect(row.place).toBe(1 + ranked.filter(({ score = 0 }) => score > (row.score ?? 0)).length)
        }
        expect(ranked.map(({ place }) => place)).toEqual(
          ranked.map(({ place }) => place).toSorted((a = 0, b = 0) => a - b),
        )
      }),
    )
  })

  it('is the same in whatever order its rows come', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        expect(rankRows(all.toReversed(), formula)).toEqual(rankRows(all, formula))
      }),
    )
  })

  it('is red only from the threshold on and in the best fifth, and black only below both of its own', () => {
    fc.assert(
      fc.property(subjects, (all) => {
        const rows = rankRows(all, formula)
        const ranked = rows.filter(({ mark }) => mark !== 'unranked').length
        for (const { mark, place = 0, score = 0, upperScore = 0 } of rows) {
          const isRed = mark !== 'unranked' && score >= 7_500 && place <= Math.ceil(ranked / 5)
          expect(mark === 'red').toBe(isRed)
          expect(mark === 'black').toBe(mark !== 'unranked' && score < 4_000 && upperScore < 7_500)
        }
      }),
    )
  })

  it('has several red ones only where they are as good, and takes six of ten for chance', () => {
    const marks = (...all: RankingCounts[]) => rankRows(named(...all), formula).map(({ mark }) => mark)
    expect(marks(good, good, { ...good, overdue: 1 }, bad)).toEqual(['red', 'red', 'plain', 'black'])
    const six = { ...good, assigned: 10, overdue: 4, solved: 6, unsolved: 4, ratings: 10, content: 6 }
    expect(scoreOf(six, formula)?.score).toBeLessThan(formula.blackBelow)
    expect(marks(six)).toEqual(['plain'])
  })

  it('has a formula whose weights are the whole', () => {
    expect(Object.values(formula.weights).reduce((sum, weight) => sum + weight, 0)).toBe(100)
  })
})
