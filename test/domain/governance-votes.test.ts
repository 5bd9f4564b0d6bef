import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Choice } from '#shared/contracts/governance.ts'
import type { OwnersVote } from '#shared/contracts/governance-owners.ts'
import { usualAsking } from '#shared/domain/governance/asking.ts'
import { decideOwnersVote, ownersFault } from '#shared/domain/governance/owners-vote.ts'
import { committeeRule, householdsRule, isCommitteeWhole, rulesFor } from '#shared/domain/governance/rules.ts'
import { tally } from '#shared/domain/governance/tally.ts'

const votes = (yes: number, no: number, abstain = 0): Choice[] => [
  ...Array.from({ length: yes }, () => 'yes' as const),
  ...Array.from({ length: no }, () => 'no' as const),
  ...Array.from({ length: abstain }, () => 'abstain' as const),
]

describe('a committee', () => {
  it('is whole with five or more, and an odd number', () => {
    expect([3, 4, 5, 6, 7, 8, 9].filter(isCommitteeWhole)).toEqual([5, 7, 9])
  })

  it.each([
    [5, 3, 2, 0, true],
    [5, 2, 0, 0, false],
    [5, 2, 0, 3, false],
    // One is recused: of four, half is not more than half.
    [4, 2, 0, 0, false],
    [4, 3, 1, 0, true],
    [3, 2, 1, 0, true],
    // Two cannot decide for five.
    [2, 2, 0, 0, false],
    [1, 1, 0, 0, false],
    [0, 0, 0, 0, false],
  ])('of %i electors with %i yes, %i no, %i abstentions: %s', (electors, yes, no, abstain, passed) => {
    expect(tally(committeeRule, electors, votes(yes, no, abstain))).toEqual({ electors, yes, no, abstain, passed })
  })
})

describe('the households', () => {
  it.each([
    // Three in ten of sixty are eighteen.
    [60, 10, 8, 0, true],
    [60, 17, 0, 0, false],
    [60, 18, 0, 0, true],
    // Half is not more than half, and who abstains took part.
    [60, 9, 9, 0, false],
    [60, 10, 0, 10, false],
    [60, 11, 0, 10, true],
    [1, 1, 0, 0, true],
    [0, 0, 0, 0, false],
  ])('of %i with %i yes, %i no, %i abstentions: %s', (electors, yes, no, abstain, passed) => {
    expect(tally(householdsRule(usualAsking), electors, votes(yes, no, abstain)).passed).toBe(passed)
  })

  it('decide from 2,000 yuan on, beside the committee', () => {
    expect(rulesFor(usualAsking, 199_999).map(({ electorate }) => electorate)).toEqual(['committee'])
    expect(rulesFor(usualAsking, 200_000).map(({ electorate }) => electorate)).toEqual(['committee', 'households'])
  })

  it('never vote twice', () => {
    expect(() => tally(householdsRule(usualAsking), 1, votes(2, 0))).toThrow()
  })
})

type Vector = OwnersVote & { readonly name: string; readonly quorate: boolean; readonly passed: boolean }
const file = new URL('../../shared/domain/governance/owners-vote-vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[]

describe('a vote of the owners, Civil Code art. 278', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s',
    (_name, { name: _, quorate, passed, ...vote }) => {
      expect(ownersFault(vote)).toBeUndefined()
      expect(decideOwnersVote(vote)).toEqual({ quorate, passed })
    },
  )

  it('has vectors of every item, both ways', () => {
    for (let item = 1; item <= 9; item++) {
      const own = vectors.filter((vector) => vector.item === item)
      expect(own.some(({ passed }) => passed) && own.some(({ passed }) => !passed), `no. ${item}`).toBe(true)
    }
  })

  const fair = {
    item: 5,
    totalHeads: 100,
    totalAreaCm: 1_000_000,
    heads: 70,
    areaCm: 700_000,
    forHeads: 40,
    forAreaCm: 400_000,
  }
  it.each([
    [{ heads: 101 }, 'owners.heads'],
    [{ areaCm: 1_000_001 }, 'owners.areaCm'],
    [{ forHeads: 71 }, 'owners.forHeads'],
    [{ forAreaCm: 700_001 }, 'owners.forAreaCm'],
    [{ heads: 0, forHeads: 0 }, 'owners.areaCm'],
  ])('cannot have the figures %j', (wrong, field) => {
    expect(Object.keys(ownersFault({ ...fair, ...wrong }) ?? {})).toEqual([field])
  })
})
