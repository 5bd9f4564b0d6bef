import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OWNERS_UNITS_MAX,
  ownersChoices,
  type OwnersRow,
  type OwnersVote,
} from '#shared/contracts/governance-owners.ts'
import { countOwners, plainName } from '#shared/domain/governance/owners-count.ts'
import { canonicalList, canonicalRows, differingUnits } from '#shared/domain/governance/owners-list.ts'
import { decideOwnersVote, ownersFault } from '#shared/domain/governance/owners-vote.ts'
import type { NonVoters } from '#shared/domain/governance/rules.ts'

type Vector = {
  readonly name: string
  readonly item: number
  readonly rows: readonly (readonly [string, number, string, OwnersRow['choice']])[]
  readonly nonVoters?: NonVoters
  readonly faults?: readonly object[]
  readonly vote?: OwnersVote
  readonly quorate?: boolean
  readonly passed?: boolean
  readonly code?: string
  readonly hash?: string
}
const file = new URL('../../shared/domain/governance/owners-count-vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[]
const rowsOf = (rows: Vector['rows']): OwnersRow[] =>
  rows.map(([unit, areaCm, owner, choice]) => ({ unit, areaCm, owner, choice }))
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

describe('the owners’ vote is counted from its list', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const rows = rowsOf(vector.rows)
    const counted = countOwners(vector.item, rows, vector.nonVoters)
    expect(counted).toEqual(vector.vote === undefined ? { faults: vector.faults } : { faults: [], vote: vector.vote })
    if (vector.vote === undefined) return
    expect(ownersFault(vector.vote)).toBeUndefined()
    expect(decideOwnersVote(vector.vote)).toEqual({ quorate: vector.quorate, passed: vector.passed })
    // The hashes of the vectors were made by another program.
    expect(sha256(canonicalList(vector.item, vector.code ?? '', rows))).toBe(vector.hash)
  })

  it('counts silence as consent nowhere by itself', () => {
    const rows = rowsOf([
      ['1', 100, 'A', 'yes'],
      ['2', 100, 'B', 'yes'],
      ['3', 100, 'C', 'none'],
    ])
    expect(countOwners(6, rows)).toEqual(countOwners(6, rows, 'absent'))
  })

  it('has no more units than three thousand, and no more area than can be', () => {
    const many = (count: number, areaCm: number) =>
      Array.from({ length: count }, (_none, n): OwnersRow => ({ unit: `${n}`, areaCm, owner: `${n}`, choice: 'yes' }))
    expect(countOwners(5, many(OWNERS_UNITS_MAX, 9_000)).vote?.totalHeads).toBe(3_000)
    expect(countOwners(5, many(OWNERS_UNITS_MAX + 1, 9_000)).faults).toEqual([{ kind: 'too-many' }])
    expect(countOwners(5, many(1_000, 10_000_000)).vote?.totalAreaCm).toBe(10_000_000_000)
    expect(countOwners(5, many(1_001, 10_000_000)).faults).toEqual([{ kind: 'too-much-area' }])
  })
})

/** Owners with their units; each owner has one mind. */
const listArb = fc
  .array(
    fc.record({
      areas: fc.array(fc.integer({ min: 2, max: 20_000 }), { minLength: 1, maxLength: 4 }),
      choice: fc.constantFrom(...ownersChoices),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((owners) =>
    owners.flatMap(({ areas, choice }, owner) =>
      areas.map((areaCm, at): OwnersRow => ({ unit: `${owner}-${at}`, areaCm, owner: `Y${owner}`, choice })),
    ),
  )
const shuffled = (rows: readonly OwnersRow[]) =>
  fc.shuffledSubarray([...rows], { minLength: rows.length, maxLength: rows.length })

/** Slow and plain: asks each figure of the whole list by itself. */
function slowly(item: number, rows: readonly OwnersRow[]): OwnersVote {
  const heads = (of: readonly OwnersRow[]) => [...new Set(of.map(({ owner }) => owner))].length
  const area = (of: readonly OwnersRow[]) => of.map(({ areaCm }) => areaCm).reduce((sum, each) => sum + each, 0)
  const cast = rows.filter(({ choice }) => choice === 'yes' || choice === 'no' || choice === 'abstain')
  const agree = rows.filter(({ choice }) => choice === 'yes')
  return {
    ...{ item, totalHeads: heads(rows), totalAreaCm: area(rows) },
    ...{ heads: heads(cast), areaCm: area(cast), forHeads: heads(agree), forAreaCm: area(agree) },
  }
}

describe('any list', () => {
  it('is counted as a slow and plain count does, whatever the order of its rows', () => {
    fc.assert(
      fc.property(
        listArb.chain((rows) => fc.tuple(fc.constant(rows), shuffled(rows))),
        fc.integer({ min: 1, max: 9 }),
        ([rows, other], item) => {
          expect(countOwners(item, rows).vote).toEqual(slowly(item, rows))
          expect(countOwners(item, other)).toEqual(countOwners(item, rows))
          expect(canonicalRows(other)).toBe(canonicalRows(rows))
        },
      ),
    )
  })

  it('adds up, by either rule for who casts no ballot', () => {
    fc.assert(
      fc.property(listArb, fc.constantFrom<NonVoters>('absent', 'with-the-majority'), (rows, nonVoters) => {
        const { vote } = countOwners(5, rows, nonVoters)
        if (vote === undefined) throw new Error('a list without faults is counted')
        expect(ownersFault(vote)).toBeUndefined()
        expect(vote.totalAreaCm).toBe(rows.reduce((sum, { areaCm }) => sum + areaCm, 0))
        // Such a rule never makes two thirds of fewer.
        const plain = countOwners(5, rows).vote
        expect(decideOwnersVote(vote).quorate).toBe(plain && decideOwnersVote(plain).quorate)
      }),
    )
  })

  it('says the same when a unit is divided in two of its owner’s', () => {
    fc.assert(
      fc.property(listArb, fc.nat(), (rows, pick) => {
        const at = pick % rows.length
        const divided = rows.flatMap((row, n) => {
          if (n !== at) return [row]
          const half = Math.floor(row.areaCm / 2)
          return [
            { ...row, unit: `${row.unit}A`, areaCm: half },
            { ...row, unit: `${row.unit}B`, areaCm: row.areaCm - half },
          ]
        })
        expect(countOwners(5, divided).vote).toEqual(countOwners(5, rows).vote)
      }),
    )
  })

  it('is another list as soon as one row is another', () => {
    fc.assert(
      fc.property(listArb, fc.nat(), fc.constantFrom('area', 'owner', 'choice', 'gone'), (rows, pick, what) => {
        const at = pick % rows.length
        const one = rows[at]
        if (one === undefined || (what === 'gone' && rows.length === 1)) return
        const changed = {
          ...one,
          ...(what === 'area' ? { areaCm: one.areaCm + 1 } : what === 'owner' ? { owner: 'X' } : {}),
          ...(what === 'choice' ? { choice: one.choice === 'yes' ? ('no' as const) : ('yes' as const) } : {}),
        }
        const other = rows.flatMap((row, n) => (n !== at ? [row] : what === 'gone' ? [] : [changed]))
        expect(differingUnits(canonicalRows(rows), canonicalRows(other))).toEqual({ count: 1, units: [one.unit] })
        expect(differingUnits(canonicalRows(other), canonicalRows(rows))).toEqual({ count: 1, units: [one.unit] })
        expect(differingUnits(canonicalRows(rows), canonicalRows(rows.toReversed()))).toBeUndefined()
      }),
    )
  })
})

describe('two lists that differ', () => {
  it('are told by no more than fifty units, and by how many there are', () => {
    const rows = (choice: OwnersRow['choice']) =>
      canonicalRows(
        Array.from({ length: 60 }, (_none, n): OwnersRow => ({ unit: `${n}`, areaCm: 1, owner: `${n}`, choice })),
      )
    const differ = differingUnits(rows('yes'), rows('no'))
    expect([differ?.count, differ?.units.length]).toEqual([60, 50])
  })
})

describe('a name', () => {
  it.each([
    ['１－１０１', '1-101'],
    ['1号楼 2单元\u3000301', '1号楼2单元301'],
    ['1—101', '1-101'],
    ['a座－b', 'A座-B'],
    ['1-101\u200b\u0000\u202e', '1-101'],
    ['㎡', 'M2'],
  ])('%j is %s', (typed, plain) => {
    expect(plainName(typed)).toBe(plain)
    expect(plainName(plain)).toBe(plain)
  })
})
