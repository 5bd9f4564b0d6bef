import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GRID_POSTS_MAX, GRIDS_MAX } from '#shared/contracts/places-grids.ts'
import {
  decideGrid,
  decidePost,
  type Grid,
  type GridsDecision,
  type Post,
  postsNow,
} from '#shared/domain/places/grids.ts'
import { DAY_MS, type Instant, plusMs } from '#shared/kernel/time.ts'

const NOW: Instant = '2026-11-28T01:00:00.000Z'
const after = (days: number) => plusMs(NOW, days * DAY_MS)
const east: Grid = { gridId: 'east', name: '东片', compoundIds: ['a', 'b'], posts: [] }
const west: Grid = { gridId: 'west', name: '西片', compoundIds: ['c'], posts: [] }
const both = [east, west]
const wang: Post = { personId: 'wang', knownAs: '小王' }
const gridsOf = (decision: GridsDecision) => (decision.kind === 'changed' ? decision.grids : [])

describe('a grid', () => {
  it('is new, the same, or changed', () => {
    const told = { gridId: 'north', name: '北片', compoundIds: ['e', 'd', 'e'] }
    const made = decideGrid(both, told)
    expect(made).toMatchObject({ kind: 'changed', isNew: true })
    expect(gridsOf(made).map(({ gridId, compoundIds }) => [gridId, ...compoundIds])).toEqual([
      ['east', 'a', 'b'],
      ['north', 'd', 'e'],
      ['west', 'c'],
    ])
    expect(decideGrid(gridsOf(made), told)).toEqual({ kind: 'unchanged' })
    expect(decideGrid(both, { ...east, name: '东一片' })).toMatchObject({ kind: 'changed', isNew: false })
  })

  it('takes no compound of another one, which has to let it go first', () => {
    expect(decideGrid(both, { ...west, compoundIds: ['b', 'c'] })).toMatchObject({
      ...{ kind: 'refused', code: 'COMPOUND_IN_ANOTHER_GRID', fields: { compoundIds: 'b' } },
    })
    const without = gridsOf(decideGrid(both, { ...east, compoundIds: ['a'] }))
    expect(decideGrid(without, { ...west, compoundIds: ['b', 'c'] })).toMatchObject({ kind: 'changed' })
  })

  it('keeps who is posted there when its compounds change', () => {
    const posted = gridsOf(decidePost(both, 'east', wang, NOW))
    expect(gridsOf(decideGrid(posted, { ...east, compoundIds: [] }))[0]).toEqual({
      ...east,
      compoundIds: [],
      posts: [wang],
    })
  })

  it('is one of so many of a community', () => {
    const many = Array.from({ length: GRIDS_MAX }, (_, n) => ({ ...west, gridId: `g-${n}`, compoundIds: [] }))
    expect(decideGrid(many, { ...east })).toMatchObject({ code: 'TOO_MANY_GRIDS' })
    expect(decideGrid(many, { ...east, gridId: 'g-0' })).toMatchObject({ kind: 'changed' })
  })

  it('shares no compound with another one, whatever is told in whatever order', () => {
    const rowArb = fc.record({
      gridId: fc.constantFrom('east', 'west', 'north'),
      name: fc.constant('片'),
      compoundIds: fc.array(fc.constantFrom('a', 'b', 'c', 'd')),
    })
    fc.assert(
      fc.property(fc.array(rowArb), (rows) => {
        const grids = rows.reduce<readonly Grid[]>((before, row) => {
          const decision = decideGrid(before, row)
          return decision.kind === 'changed' ? decision.grids : before
        }, [])
        const all = grids.flatMap(({ compoundIds }) => compoundIds)
        expect(new Set(all).size).toBe(all.length)
        expect(new Set(grids.map(({ gridId }) => gridId)).size).toBe(grids.length)
      }),
    )
  })
})

describe('a worker at a grid', () => {
  const now = (grids: readonly Grid[], at: Instant, gone: readonly string[] = []) =>
    postsNow(grids[0] ?? east, (personId) => !gone.includes(personId), at).map(({ knownAs }) => knownAs)

  it.each([
    // from, to, in term now, tomorrow, in a week
    [undefined, undefined, [true, true, true]],
    [after(1), undefined, [false, true, true]],
    [undefined, after(1), [true, false, false]],
    [after(1), after(7), [false, true, false]],
    [after(-9), after(2), [true, true, false]],
  ])('is there from %s to %s', (fromAt, toAt, expected) => {
    const grids = gridsOf(decidePost(both, 'east', { ...wang, fromAt, toAt }, NOW))
    expect([NOW, after(1), after(7)].map((at) => now(grids, at).length > 0)).toEqual(expected)
  })

  it('is one of several, at one of several grids, and somebody who stands in has a term of their own', () => {
    const one = gridsOf(decidePost(both, 'east', wang, NOW))
    const two = gridsOf(
      decidePost(one, 'east', { personId: 'li', knownAs: '小李', fromAt: after(1), toAt: after(3) }, NOW),
    )
    expect([NOW, after(2), after(3)].map((at) => now(two, at))).toEqual([['小王'], ['小王', '小李'], ['小王']])
    expect(decidePost(two, 'west', wang, NOW)).toMatchObject({ kind: 'changed', isNew: true })
  })

  it('told again is the same; ended, it is kept and nobody’s any more', () => {
    const posted = gridsOf(decidePost(both, 'east', { ...wang, fromAt: after(-5) }, NOW))
    expect(decidePost(posted, 'east', { ...wang, fromAt: after(-5) }, NOW)).toEqual({ kind: 'unchanged' })
    const ended = gridsOf(decidePost(posted, 'east', { ...wang, toAt: NOW }, NOW))
    expect(ended[0]?.posts).toEqual([{ ...wang, fromAt: after(-5), toAt: NOW }])
    expect(now(ended, NOW)).toEqual([])
    expect(decidePost(ended, 'east', { ...wang, toAt: NOW }, NOW)).toEqual({ kind: 'unchanged' })
    expect(decidePost(both, 'east', { ...wang, toAt: NOW }, NOW)).toMatchObject({ code: 'UNKNOWN_POST' })
    expect(decidePost(both, 'south', wang, NOW)).toMatchObject({ code: 'UNKNOWN_GRID' })
  })

  it('who works in the community no more is not there', () => {
    expect(now(gridsOf(decidePost(both, 'east', wang, NOW)), NOW, ['wang'])).toEqual([])
  })

  it('finds room where somebody’s term is over, and else none', () => {
    const posts = Array.from({ length: GRID_POSTS_MAX }, (_, n) => ({ personId: `p-${n}`, knownAs: '某' }))
    expect(decidePost([{ ...east, posts }], 'east', wang, NOW)).toMatchObject({ code: 'TOO_MANY_POSTS' })
    const over = posts.map((post, n) => (n === 3 || n === 5 ? { ...post, toAt: after(-n) } : post))
    const kept = gridsOf(decidePost([{ ...east, posts: over }], 'east', wang, NOW))[0]?.posts ?? []
    expect(kept).toHaveLength(GRID_POSTS_MAX)
    expect(kept.map(({ personId }) => personId)).not.toContain('p-5')
    expect(kept.map(({ personId }) => personId)).toContain('p-3')
  })
})
