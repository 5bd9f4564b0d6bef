import { describe, expect, it } from 'vitest'
import { askingOf, usualAsking } from '#shared/domain/governance/asking.ts'
import { recountVotes } from '#shared/domain/governance/recount.ts'
import { quorumOf, tally, yesNeeded } from '#shared/domain/governance/tally.ts'
import { committeeRule, householdsRule } from '#shared/domain/governance/rules.ts'
import type { Choice } from '#shared/contracts/governance.ts'

/** Written by hand: two of five members that are left out were recused; of ten households four took part. */
const head = {
  v: 1,
  proposalId: '11111111-1111-4111-8111-111111111111',
  closesAt: '2026-11-16T01:00:00.000Z',
  costFen: 250_000,
  asking: { noticeDays: 7, voteDays: 7, householdsFromFen: 200_000, quorumBps: 3_000 },
  rules: [
    { electorate: 'committee', electorsMin: 3, quorumBps: 0, moreThanBps: 5_000, of: 'electors' },
    { electorate: 'households', electorsMin: 1, quorumBps: 3_000, moreThanBps: 5_000, of: 'voters' },
  ],
  electors: { committee: 4, households: 10 },
  tallies: {
    committee: { electors: 4, yes: 3, no: 1, abstain: 0, passed: true },
    households: { electors: 10, yes: 3, no: 1, abstain: 0, passed: true },
  },
}
const nth = (n: number) => String(n).padStart(64, '0')
const votes = [
  { electorate: 'committee', choice: 'yes', commitment: nth(1) },
  { electorate: 'households', choice: 'yes', commitment: nth(2) },
  { electorate: 'committee', choice: 'no', commitment: nth(3) },
  { electorate: 'households', choice: 'no', commitment: nth(4) },
  { electorate: 'committee', choice: 'yes', commitment: nth(5) },
  { electorate: 'households', choice: 'yes', commitment: nth(6) },
  { electorate: 'committee', choice: 'yes', commitment: nth(7) },
  { electorate: 'households', choice: 'yes', commitment: nth(8) },
]
const linesOf = (first: unknown, rest: readonly unknown[]) => [first, ...rest].map((line) => JSON.stringify(line))
const codes = (lines: readonly string[]) => [...new Set(recountVotes(lines).problems.map(({ code }) => code))]

describe('a recount', () => {
  it('of a file as it was published says the same, and why', () => {
    const recount = recountVotes(linesOf(head, votes))
    expect(recount).toMatchObject({ ok: true, decided: true, problems: [] })
    expect(recount.electorates).toMatchObject([
      { ballots: 4, electors: 4, quorum: 0, yesNeeded: 3, isSame: true },
      { ballots: 4, electors: 10, quorum: 3, yesNeeded: 3, isSame: true },
    ])
    expect(recount.commitments.get(nth(2))).toBe('households')
    expect(recount.commitments.get(nth(9))).toBeUndefined()
  })

  it('of a vote that did not pass is no fault of the file', () => {
    const rest = votes.map((vote) => ({ ...vote, choice: vote.electorate === 'committee' ? 'no' : vote.choice }))
    const committee = { electors: 4, yes: 0, no: 4, abstain: 0, passed: false }
    const recount = recountVotes(linesOf({ ...head, tallies: { ...head.tallies, committee } }, rest))
    expect(recount).toMatchObject({ ok: true, decided: false })
  })

  it.each([...votes.keys()])('finds a changed choice in line %i', (at) => {
    const choice = votes[at]?.choice === 'yes' ? 'no' : 'yes'
    for (const other of [choice, 'abstain'])
      expect(codes(linesOf(head, votes.with(at, { ...votes[at]!, choice: other })))).toEqual(['TALLY'])
  })

  it.each([...votes.keys()])('finds that line %i is missing', (at) => {
    expect(codes(linesOf(head, votes.toSpliced(at, 1)))).toEqual(['TALLY'])
  })

  it('finds a vote that is there twice, although the sums are right', () => {
    // One household's yes stands for another's.
    const doubled = votes.with(7, { ...votes[7]!, commitment: nth(6) })
    expect(codes(linesOf(head, doubled))).toContain('DOUBLE')
    const across = votes.with(7, { ...votes[7]!, commitment: nth(7) })
    expect(codes(linesOf(head, across))).toContain('DOUBLE')
  })

  it('finds one vote too many, and more votes than members', () => {
    const more = { electorate: 'committee', choice: 'yes', commitment: nth(9) }
    const recount = recountVotes(linesOf(head, [...votes, more]))
    expect(recount).toMatchObject({ ok: false, decided: false })
    expect(recount.electorates[0]).toMatchObject({ ballots: 5, electors: 4, isSame: false })
    expect(codes(linesOf(head, [...votes, { ...more, electorate: 'households' }]))).toEqual(['TALLY'])
  })

  const ofRules = (at: number, change: object) =>
    linesOf({ ...head, rules: head.rules.map((rule, n) => (n === at ? { ...rule, ...change } : rule)) }, votes)
  it.each([
    ['a quorum of the households', ofRules(1, { quorumBps: 0 })],
    ['a quorum that another kind of compound has', ofRules(1, { quorumBps: 4_000 })],
    ['a share of yeses', ofRules(1, { moreThanBps: 3_000 })],
    ['who the share is of', ofRules(0, { of: 'voters' })],
    ['how few members decide', ofRules(0, { electorsMin: 1 })],
    ['a rule that is not there', linesOf({ ...head, rules: head.rules.slice(0, 1) }, votes)],
    ['a rule that is there twice', linesOf({ ...head, rules: [...head.rules, head.rules[1]] }, votes)],
    ['a sum from which the households are not asked', linesOf({ ...head, costFen: 199_999 }, votes)],
    ['how the compound is asked', linesOf({ ...head, asking: { ...head.asking, quorumBps: 4_000 } }, votes)],
    ['an emergency that was none', linesOf({ ...head, emergency: true }, votes)],
  ])('finds that %s was changed', (_what, lines) => {
    expect(codes(lines)).toContain('RULE')
  })

  const figures = ['committee', 'households'].flatMap((electorate) =>
    ['electors', 'yes', 'no', 'abstain', 'passed'].map((figure) => [electorate, figure] as const),
  )
  it.each(figures)('finds that the published %s.%s was changed', (electorate, figure) => {
    const own = head.tallies[electorate as 'committee']
    const changed = { ...own, [figure]: figure === 'passed' ? !own.passed : own[figure as 'yes'] + 1 }
    expect(codes(linesOf({ ...head, tallies: { ...head.tallies, [electorate]: changed } }, votes))).toEqual(['TALLY'])
  })

  it.each(['committee', 'households'] as const)('finds that the number of electors of the %s was changed', (name) => {
    const electors = { ...head.electors, [name]: head.electors[name] + 1 }
    expect(codes(linesOf({ ...head, electors }, votes))).toEqual(['TALLY'])
  })

  it('finds a tally that is not there', () => {
    expect(codes(linesOf({ ...head, tallies: { committee: head.tallies.committee } }, votes))).toEqual(['TALLY'])
  })

  it('takes as many of the households’ votes for votes on paper as it says, and no more than there are', () => {
    expect(recountVotes(linesOf({ ...head, paper: { ballots: 4, unpaired: 2 } }, votes)).ok).toBe(true)
    expect(codes(linesOf({ ...head, paper: { ballots: 5, unpaired: 0 } }, votes))).toEqual(['TALLY'])
  })

  it('counts more households than there are now as it was counted then', () => {
    const tallies = { ...head.tallies, households: { ...head.tallies.households, electors: 4 } }
    const electors = { ...head.electors, households: 3 }
    expect(recountVotes(linesOf({ ...head, tallies, electors }, votes)).ok).toBe(true)
  })

  it.each([
    ['nothing at all', []],
    ['no head', linesOf(votes[0], votes.slice(1))],
    ['no JSON', ['{', ...linesOf(head, votes).slice(1)]],
    ['another version', linesOf({ ...head, v: 2 }, votes)],
    ['something beside', linesOf({ ...head, note: 'x' }, votes)],
    ['a voter', linesOf(head, votes.with(0, { ...votes[0]!, voterId: 'x' } as never))],
    ['a choice that is none', linesOf(head, votes.with(0, { ...votes[0]!, choice: 'maybe' }))],
    ['a commitment that is none', linesOf(head, votes.with(0, { ...votes[0]!, commitment: 'x' }))],
    ['a field said twice', linesOf(head, votes).with(1, `{"electorate":"committee","choice":"no","choice":"yes"}`)],
    ['an empty line', [...linesOf(head, votes), '']],
    ['two heads', linesOf(head, [head, ...votes])],
  ] as const)('never throws at %s, and finds it', (_what, lines) => {
    expect(codes(lines)).toContain('FORMAT')
  })

  it('takes what a field said twice for no vote, even where the last word is right', () => {
    const lines = linesOf(head, votes)
    const twice = lines[1]?.replace('"choice":"yes"', '"choice":"no","choice":"yes"') ?? ''
    expect(codes(lines.with(1, twice))).toContain('FORMAT')
  })

  it('wants the votes in the order of their commitments, which tells nothing of voters', () => {
    expect(codes(linesOf(head, votes.toReversed()))).toEqual(['ORDER'])
  })
})

describe('the least that is enough', () => {
  const of = (yes: number, all: number): Choice[] =>
    Array.from({ length: all }, (_, at) => (at < yes ? 'yes' : ('no' as const)))

  it.each([...Object.values(askingOf), usualAsking])('passes, and one less does not ($compoundType)', (asking) => {
    const rule = householdsRule(asking)
    for (let electors = 1; electors <= 120; electors++) {
      const quorum = quorumOf(rule, electors)
      const yes = yesNeeded(rule, quorum)
      expect(tally(rule, electors, of(yes, quorum)).passed).toBe(true)
      expect(tally(rule, electors, of(yes - 1, quorum)).passed).toBe(false)
      if (quorum > 1) expect(tally(rule, electors, of(quorum - 1, quorum - 1)).passed).toBe(false)
    }
    for (let electors = 3; electors <= 21; electors++) {
      const yes = yesNeeded(committeeRule, electors)
      expect(tally(committeeRule, electors, of(yes, yes)).passed).toBe(true)
      expect(tally(committeeRule, electors, of(yes - 1, electors)).passed).toBe(false)
    }
  })
})
