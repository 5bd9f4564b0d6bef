import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor, Choice } from '#shared/contracts/governance.ts'
import { decidePaper, type Enterer, type PaperSituation } from '#shared/domain/governance/paper-ballot.ts'
import { faultOfPapers, type PaperEntry } from '#shared/domain/governance/paper-count.ts'
import { countVotes, type Ballot } from '#shared/domain/governance/decide-system.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { chair, neighbour, person, quote, Story, supervisor, valuator, worker } from './governance-story.ts'

/** A vote of the committee and of sixty households, open for a week. */
const asked = () => {
  const story = new Story().does(worker, { act: 'triage' }).does(worker, {
    ...{ act: 'deliberate', heldOn: '2026-11-02', expected: 9, attended: 7 },
    minutes: '大家同意装，位置放在右侧。',
  })
  story.does(valuator, {
    ...{ act: 'cost', chosen: 0, termDays: 20 },
    quotes: [quote('鑫源五金', 250_000), quote('宏达装饰', 260_000), quote('惠民工程', 270_000)],
  })
  story.pass(7)
  story.tick()
  expect(story.proposal.state).toBe('voting')
  return story
}
const H = 'h-20'
const at = (name: string, home: string | undefined, ...actors: Actor[]): Enterer => ({
  ...person(name, ...actors),
  ...(home === undefined ? {} : { householdId: home }),
  homes: home === undefined ? [] : [home],
})
const entering = (who: { personId: string; memberId: string }, home?: string): Enterer => ({
  ...(who as Enterer),
  ...(home === undefined ? {} : { householdId: home }),
  homes: home === undefined ? [] : [home],
})
const blank: PaperSituation = { householdId: H, voices: ['p'], entries: [], cast: 'none' }
const entryOf = (who: Enterer, choice: Choice): PaperEntry => ({
  ...{ personId: who.personId, memberId: who.memberId, homes: who.homes },
  ...{ actor: who.actors[0] ?? 'worker', choice, at: '2026-11-09T01:00:00.000Z' },
})
const enter = (story: Story, who: Enterer, choice: Choice, situation: Partial<PaperSituation> = {}) =>
  decidePaper(story.proposal, { ...blank, ...situation }, choice, who, story.now)
const codeOf = (decided: ReturnType<typeof decidePaper>) =>
  decided.kind === 'refused' ? decided.code : decided.kind === 'forbidden' ? 'forbidden' : decided.state

describe('one person enters a paper', () => {
  /** Written by hand: who, in which role, living where. The author lives in h-1; the household on the paper is h-20. */
  const rows: readonly (readonly [string, Enterer, string])[] = [
    ['a worker of the community', at('w', undefined, 'worker'), 'waiting'],
    ['a member of the committee', at('c', 'h-5', 'committee', 'resident'), 'waiting'],
    ['the supervisor', at('s', undefined, 'supervisor'), 'waiting'],
    ['a neighbour', at('n', 'h-5', 'resident'), 'forbidden'],
    ['somebody of the household itself', at('n', H, 'resident'), 'forbidden'],
    ['the charity', at('p', undefined, 'charity'), 'forbidden'],
    ['an administrator, who is nobody here', at('a', undefined), 'forbidden'],
    ['a worker who lives there', at('w', H, 'worker', 'resident'), 'OWN_PAPER'],
    [
      'a worker who only says that they live there',
      { ...at('w', undefined, 'worker'), homes: [H], claimsOnly: true },
      'OWN_PAPER',
    ],
    [
      'the author, who sits in the committee',
      entering({ ...neighbour('author', 'h-1', 'committee') }, 'h-1'),
      'FOUR_EYES',
    ],
    ['who lives with the author', at('wife', 'h-1', 'worker'), 'FOUR_EYES'],
    ['a member who stepped aside', at('chair', 'h-6', 'committee'), 'INTERESTED'],
    ['who lives with a member who stepped aside', at('husband', 'h-6', 'worker'), 'INTERESTED'],
    [
      'who says that they live with a member who stepped aside',
      { ...at('husband', 'h-5', 'worker'), homes: ['h-5', 'h-6'] },
      'INTERESTED',
    ],
  ]
  it.each(rows)('%s', (_who, enterer, outcome) => {
    const story = asked().does({ ...chair, householdId: 'h-6' }, { act: 'declare', interest: 'relative' })
    expect(codeOf(enter(story, enterer, 'yes'))).toBe(outcome)
  })

  it('and the page shows the form to whom it is open', () => {
    const story = asked()
    const may = (who: Enterer) => possibleActs(story.proposal, who, story.now).includes('enter-paper')
    expect(may(at('w', undefined, 'worker'))).toBe(true)
    expect(may(at('n', 'h-5', 'resident'))).toBe(false)
    expect(may(at('wife', 'h-1', 'worker'))).toBe(false)
    story.pass(7)
    expect(may(at('w', undefined, 'worker'))).toBe(false)
  })

  it('only while the households vote', () => {
    const w = at('w', undefined, 'worker')
    expect(codeOf(enter(new Story().voting(), w, 'yes'))).toBe('NOT_NOW')
    expect(codeOf(enter(new Story(), w, 'yes'))).toBe('NOT_NOW')
    const story = asked()
    expect(codeOf(enter(story, w, 'yes'))).toBe('waiting')
    story.does(supervisor, { act: 'suspend', note: '等一等' })
    expect(codeOf(enter(story, w, 'yes'))).toBe('NOT_NOW')
    story.does(supervisor, { act: 'resume', note: '查清了' }).pass(7)
    expect(codeOf(enter(story, w, 'yes'))).toBe('NOT_NOW')
    story.tick()
    expect(codeOf(enter(story, w, 'yes'))).toBe('NOT_NOW')
  })

  it('of a household of this vote that has not voted by itself', () => {
    const story = asked()
    const w = at('w', undefined, 'worker')
    expect(enter(story, w, 'yes', { voices: [] })).toMatchObject({
      code: 'HOUSEHOLD_NOT_VERIFIED',
      fields: { room: expect.any(String) },
    })
    expect(codeOf(enter(story, w, 'yes', { cast: 'online' }))).toBe('VOTED_ALREADY')
    // Whoever entered it before the household voted is told the same, and never what it was.
    for (const choice of ['yes', 'no', 'abstain'] as const)
      expect(codeOf(enter(story, w, choice, { cast: 'online', entries: [entryOf(w, 'yes')] }))).toBe('VOTED_ALREADY')
  })
})

describe('a second person enters the same paper', () => {
  const first = at('first', 'h-7', 'worker', 'resident')
  /** Written by hand: the second one, what the first entered being yes; what comes of yes and of no. */
  const rows: readonly (readonly [string, Enterer, string, string])[] = [
    ['of another household', at('second', 'h-8', 'committee', 'resident'), 'counted', 'differs'],
    ['of no household here', at('second', undefined, 'supervisor'), 'counted', 'differs'],
    ['who is the first one', first, 'waiting', 'waiting'],
    ['who is the first one, in another role', { ...first, actors: ['supervisor'] }, 'waiting', 'waiting'],
    ['who lives with the first one', at('second', 'h-7', 'committee', 'resident'), 'FOUR_EYES', 'FOUR_EYES'],
    [
      'who says that they live with the first one',
      { ...at('second', undefined, 'committee'), homes: ['h-7'], claimsOnly: true },
      'FOUR_EYES',
      'FOUR_EYES',
    ],
    ['who lives in the household itself', at('second', H, 'worker', 'resident'), 'OWN_PAPER', 'OWN_PAPER'],
    ['who lives with the author', at('second', 'h-1', 'worker'), 'FOUR_EYES', 'FOUR_EYES'],
    ['who has no part in it', at('second', 'h-8', 'resident'), 'forbidden', 'forbidden'],
  ]
  it.each(rows)('%s', (_who, second, onYes, onNo) => {
    const entries = [entryOf(first, 'yes')]
    expect(codeOf(enter(asked(), second, 'yes', { entries }))).toBe(onYes)
    expect(codeOf(enter(asked(), second, 'no', { entries }))).toBe(onNo)
  })

  const second = at('second', 'h-8', 'committee', 'resident')
  const third = at('third', 'h-9', 'worker', 'resident')
  const entered = (decided: ReturnType<typeof decidePaper>) => (decided.kind === 'entered' ? decided.entries : [])

  it('who sends the same again changes nothing', () => {
    const story = asked()
    const entries = [entryOf(first, 'yes')]
    expect(enter(story, first, 'yes', { entries })).toEqual({ kind: 'same', state: 'waiting' })
    const both = [...entries, entryOf(second, 'no')]
    for (const [who, choice] of [
      [first, 'yes'],
      [second, 'no'],
    ] as const)
      expect(enter(story, who, choice, { entries: both })).toEqual({ kind: 'same', state: 'differs' })
    const pair = [...entries, entryOf(second, 'yes')]
    for (const who of [first, second])
      expect(enter(story, who, 'yes', { entries: pair, cast: 'paper' })).toEqual({ kind: 'same', state: 'counted' })
  })

  it.each([
    ['the first one', first, 'no'],
    ['the second one', second, 'yes'],
  ] as const)('and when they differ %s may correct it', (_who, who, choice) => {
    const entries = [entryOf(first, 'yes'), entryOf(second, 'no')]
    const decided = enter(asked(), who, choice, { entries })
    expect(codeOf(decided)).toBe('counted')
    // Who was first stays first.
    expect(entered(decided).map(({ personId, choice: said }) => [personId, said])).toEqual([
      [first.personId, choice],
      [second.personId, choice],
    ])
    expect(codeOf(enter(asked(), who, 'abstain', { entries }))).toBe('differs')
  })

  it('and the first may correct theirs before that', () => {
    const decided = enter(asked(), first, 'no', { entries: [entryOf(first, 'yes')] })
    expect(codeOf(decided)).toBe('waiting')
    expect(entered(decided).map(({ choice }) => choice)).toEqual(['no'])
  })

  it('and a third one does not, whether they say the same or not', () => {
    const story = asked()
    const pair = [entryOf(first, 'yes'), entryOf(second, 'yes')]
    const differ = [entryOf(first, 'yes'), entryOf(second, 'no')]
    for (const choice of ['yes', 'no', 'abstain'] as const) {
      expect(codeOf(enter(story, third, choice, { entries: pair, cast: 'paper' }))).toBe('ENTERED_BY_TWO')
      expect(codeOf(enter(story, third, choice, { entries: differ }))).toBe('ENTERED_BY_TWO')
    }
  })

  it('and what counts is corrected by the household alone', () => {
    const entries = [entryOf(first, 'yes'), entryOf(second, 'yes')]
    for (const who of [first, second])
      expect(codeOf(enter(asked(), who, 'no', { entries, cast: 'paper' }))).toBe('PAPER_COUNTED')
  })

  it('is the first one when the first has turned out to be interested', () => {
    const story = asked().does({ ...chair, householdId: 'h-6' }, { act: 'declare', interest: 'relative' })
    for (const before of [at('chair', 'h-6', 'committee'), at('husband', 'h-6', 'worker')]) {
      const decided = enter(story, second, 'yes', { entries: [entryOf(before, 'yes')] })
      expect(codeOf(decided)).toBe('waiting')
      expect(entered(decided).map(({ personId }) => personId)).toEqual([second.personId])
      // Beside two who differ the one that stands is half of a ballot, and a third one is the other half.
      const entries = [entryOf(before, 'no'), entryOf(second, 'yes')]
      expect(codeOf(enter(story, third, 'yes', { entries }))).toBe('counted')
    }
  })
})

describe('what was published of papers', () => {
  const first = at('first', 'h-7', 'worker')
  const second = at('second', 'h-8', 'committee')
  const closed = (paper?: { ballots: number; unpaired: number }) => {
    const { proposal } = asked()
    return { ...proposal, vote: { ...proposal.vote, ...(paper === undefined ? {} : { paper }) } } as typeof proposal
  }
  const online: Ballot = { electorate: 'households', voterId: 'h-2', choice: 'no', castBy: 'p' }
  const onPaper: Ballot = {
    ...{ electorate: 'households', voterId: H, choice: 'yes' },
    paper: { enteredBy: [first.personId, second.personId] },
  }
  const two = [entryOf(first, 'yes'), entryOf(second, 'yes')]
  const paper = (entries: readonly PaperEntry[], householdId = H) => ({ householdId, entries })
  const faultOf = (ballots: readonly Ballot[], papers: readonly ReturnType<typeof paper>[], unpaired = 0, count = 1) =>
    faultOfPapers(closed(count + unpaired === 0 ? undefined : { ballots: count, unpaired }), ballots, papers, unpaired)

  it('is right of two who entered the same', () => {
    expect(faultOf([online, onPaper], [paper(two)])).toBeUndefined()
    expect(faultOf([online, onPaper], [paper(two), paper([two[0]!], 'h-30')], 1)).toBeUndefined()
    expect(faultOf([online], [], 0, 0)).toBeUndefined()
  })

  const notByTwo = 'has a vote on paper that was not entered by two'
  const home = (who: Enterer, ...homes: string[]) => ({ ...who, homes })
  it.each([
    ['nobody entered', [onPaper], [], notByTwo],
    ['one entered', [onPaper], [paper([two[0]!])], notByTwo],
    ['three entered', [onPaper], [paper([...two, entryOf(at('third', 'h-9', 'worker'), 'yes')])], notByTwo],
    ['one entered twice', [onPaper], [paper([two[0]!, two[0]!])], notByTwo],
    [
      'one entered twice, and says so',
      [{ ...onPaper, paper: { enteredBy: [first.personId, first.personId] } }],
      [paper([two[0]!, { ...two[0]!, homes: [] }])],
      notByTwo,
    ],
    ['two others entered', [{ ...onPaper, paper: { enteredBy: ['x', 'y'] } }], [paper(two)], notByTwo],
    ['one is named', [{ ...onPaper, paper: { enteredBy: [first.personId] } }], [paper(two)], notByTwo],
    ['two of one household entered', [onPaper], [paper([two[0]!, { ...two[1]!, homes: ['h-7'] }])], notByTwo],
    ['one of the household entered', [onPaper], [paper([entryOf(home(first, H), 'yes'), two[1]!])], notByTwo],
    ['they differed', [onPaper], [paper([two[0]!, entryOf(second, 'no')])], notByTwo],
    ['they said otherwise', [{ ...onPaper, choice: 'no' }], [paper(two)], notByTwo],
    ['another household’s was entered', [onPaper], [paper(two, 'h-21')], notByTwo],
    ['a member of the committee had', [{ ...onPaper, electorate: 'committee' }], [paper(two)], notByTwo],
    ['nobody cast at all', [{ ...online, castBy: undefined }], [], 'has a vote that nobody cast'],
    ['somebody cast online, too', [{ ...onPaper, castBy: 'p' }], [paper(two)], 'has a vote that nobody cast'],
  ] as [string, Ballot[], ReturnType<typeof paper>[], string][])(
    'is wrong of one that %s',
    (_what, ballots, papers, fault) => {
      expect(faultOf(ballots, papers)).toBe(fault)
    },
  )

  it('is wrong when there are more or fewer than it says', () => {
    const fault = 'has votes on paper that do not add up to what was published'
    expect(faultOf([online, onPaper], [paper(two)], 0, 2)).toBe(fault)
    expect(faultOf([online, onPaper], [paper(two)], 0, 0)).toBe(fault)
    expect(faultOfPapers(closed({ ballots: 1, unpaired: 0 }), [onPaper], [paper(two)], 1)).toBe(fault)
  })
})

/** A life of three households' votes: papers by several persons and votes by themselves, in any order. */
type Turn = { who: number; home: number; choice: Choice; online: boolean }
const turns = fc.array(
  fc.record({
    ...{ who: fc.nat(4), home: fc.nat(2), online: fc.nat(5).map((n) => n === 0) },
    choice: fc.constantFrom<Choice>('yes', 'no', 'abstain'),
  }),
  { maxLength: 40 },
)
/** Two of one household, one of household 1 that votes, two of nowhere. */
const people = [
  at('p0', 'h-7', 'worker'),
  at('p1', 'h-7', 'committee'),
  at('p2', 'v-1', 'committee'),
  at('p3', undefined, 'supervisor'),
  at('p4', undefined, 'worker'),
]
const homesOf = ['h-7', 'h-7', 'v-1', '', '']

/** What a child would do with slips on a table: the simple model. */
function bySlips(all: readonly Turn[]) {
  const votes = new Map<number, { choice: Choice; paper: boolean }>()
  const slips = new Map<number, [number, Choice][]>()
  for (const { who, home, choice, online } of all) {
    const slip = slips.get(home) ?? []
    if (online) {
      votes.set(home, { choice, paper: false })
      continue
    }
    if (votes.has(home) || homesOf[who] === `v-${home}`) continue
    const own = slip.find(([by]) => by === who)
    const others = slip.filter(([by]) => by !== who)
    if (own === undefined && others.length === 2) continue
    if (others.some(([by]) => homesOf[by] !== '' && homesOf[by] === homesOf[who])) continue
    if (own === undefined) slip.push([who, choice])
    else own[1] = choice
    slips.set(home, slip)
    if (slip.length === 2 && slip[0]?.[1] === slip[1]?.[1]) votes.set(home, { choice, paper: true })
  }
  const waiting = [...slips.keys()].filter((home) => !votes.has(home)).length
  return { votes, waiting }
}

describe('any life of papers and votes', () => {
  it('ends as slips on a table would, each pair by two persons', () => {
    const story = asked()
    fc.assert(
      fc.property(turns, (all) => {
        const ballots = new Map<string, Ballot>()
        const papers = new Map<string, readonly PaperEntry[]>()
        for (const { who, home, choice, online } of all) {
          const householdId = `v-${home}`
          if (online) {
            ballots.set(householdId, { electorate: 'households', voterId: householdId, choice, castBy: 'member' })
            continue
          }
          const lies = ballots.get(householdId)
          const cast = lies === undefined ? 'none' : lies.paper === undefined ? 'online' : 'paper'
          const entries = papers.get(householdId) ?? []
          const enterer = people[who]!
          const decided = decidePaper(
            story.proposal,
            { householdId, voices: ['member'], entries, cast },
            choice,
            enterer,
            story.now,
          )
          if (decided.kind !== 'entered') continue
          papers.set(householdId, decided.entries)
          expect(decided.entries.length).toBeLessThanOrEqual(2)
          if (decided.state !== 'counted') continue
          expect(cast).toBe('none')
          const enteredBy = decided.entries.map(({ personId }) => personId)
          ballots.set(householdId, { electorate: 'households', voterId: householdId, choice, paper: { enteredBy } })
        }
        const model = bySlips(all)
        const said = [...ballots.values()].map(({ voterId, choice, paper }) => [voterId, choice, paper !== undefined])
        const modelled = [...model.votes].map(([home, { choice, paper }]) => [`v-${home}`, choice, paper])
        expect(said.sort()).toEqual(modelled.sort())
        const waiting = [...papers.keys()].filter((home) => !ballots.has(home)).length
        expect(waiting).toBe(model.waiting)
        // Whatever was cast is right for the reconcile, and is counted once.
        const kept = [...papers].map(([householdId, entries]) => ({ householdId, entries }))
        const onPaper = [...ballots.values()].filter(({ paper }) => paper !== undefined).length
        const vote = {
          ...story.proposal.vote!,
          ...(onPaper + waiting === 0 ? {} : { paper: { ballots: onPaper, unpaired: waiting } }),
        }
        expect(faultOfPapers({ ...story.proposal, vote }, [...ballots.values()], kept, waiting)).toBeUndefined()
        const { households } = countVotes(story.proposal, [...ballots.values()])
        expect((households?.yes ?? 0) + (households?.no ?? 0) + (households?.abstain ?? 0)).toBe(ballots.size)
      }),
      { numRuns: 2_000 },
    )
  })
})
