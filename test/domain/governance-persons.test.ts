import { describe, expect, it } from 'vitest'
import { barOf, parts, type Part } from '#shared/domain/governance/persons.ts'
import {
  acceptor,
  author,
  chair,
  committee,
  executor,
  neighbour,
  objector,
  payer,
  person,
  Story,
  supervisor,
  valuator,
  worker,
  yes,
} from './governance-story.ts'
import { electorsOf } from '#shared/domain/governance/decide-system.ts'

/**
 * Who may not do what, written out once more by hand: x keeps a person with that part from the act. The last four are who
 * accepted, approved, let past a check or paid an earlier milestone.
 */
const matrix: Readonly<Record<string, string>> = {
  //                 author signer valuator recorder executor acceptor approver overrider past: a ap o p
  triage: '          x      .      .        .        .        .        .        .               . .  . .',
  return: '          x      .      .        .        .        .        .        .               . .  . .',
  cost: '            x      .      .        .        .        .        .        .               . .  . .',
  'ask-owners': '    .      .      .        .        .        .        .        .               . .  . .',
  answer: '          x      x      x        .        .        .        .        .               . .  . .',
  rule: '            x      x      x        .        .        .        .        .               . .  . .',
  opine: '           x      x      x        .        .        .        .        .               . .  . .',
  'record-owners': ' x      .      .        .        .        .        .        .               . .  . .',
  'confirm-owners': 'x      .      .        x        .        .        .        .               . .  . .',
  accept: '          x      x      x        .        x        x        .        .               . x  . x',
  refuse: '          x      .      .        .        x        .        .        .               . .  . .',
  approve: '         x      x      x        .        x        x        .        .               x .  x x',
  'override-check': 'x      x      x        .        x        .        x        x               . x  . x',
  pay: '             x      x      x        .        x        x        x        x               x x  x .',
  'vote-committee': 'x      .      .        .        .        .        .        .               . .  . .',
  'enter-paper': '   x      .      .        .        .        .        .        .               . .  . .',
  resume: '          x      .      .        .        .        .        .        .               . .  . .',
  review: '          x      x      .        .        x        .        .        .               . .  . .',
  start: '           x      x      x        .        .        .        .        .               . .  . .',
  finish: '          x      x      x        .        .        .        .        .               x x  x x',
  'show-photo': '    .      .      .        .        x        .        .        .               . .  . .',
  'withhold-photo': '.      .      .        .        .        .        .        .               . .  . .',
  sign: '            x      x      .        .        .        .        .        .               . .  . .',
  decline: '         x      .      .        .        .        .        .        .               . .  . .',
  report: '          x      x      x        .        .        .        .        .               x x  x x',
  object: '          .      .      .        .        .        .        .        .               . .  . .',
  abandon: '         .      .      .        .        .        .        .        .               . .  . .',
  suspend: '         .      .      .        .        .        .        .        .               . .  . .',
  // Who did the work does not rate it.
  rate: '            .      .      .        .        x        .        .        .               . .  . .',
}

describe('four eyes look at persons', () => {
  const rows = Object.entries(matrix).flatMap(([act, row]) => {
    const marks = row.trim().split(/\s+/)
    return parts.map((part, at) => [act, part, marks[at] === 'x'] as const)
  })

  it.each(rows)('%s by the %s is barred: %s', (act, part, isBarred) => {
    const is = barOf(act as never, { parts: new Set<Part>([part]), interested: false })
    expect(is).toBe(isBarred ? 'FOUR_EYES' : undefined)
  })

  it('leave everybody else free', () => {
    for (const act of Object.keys(matrix))
      expect(barOf(act as never, { parts: new Set(), interested: false })).toBeUndefined()
  })
})

describe('an interest', () => {
  const decides = [
    ...['triage', 'return', 'deliberate', 'cost', 'answer', 'rule', 'opine', 'record-owners', 'confirm-owners'],
    ...[
      'accept',
      'refuse',
      'approve',
      'pay',
      'resume',
      'review',
      'vote-committee',
      'enter-paper',
      'abandon',
      'start',
      'report',
      'finish',
      'override-check',
      'sign',
      'decline',
      'show-photo',
    ],
  ]
  it.each(decides)('keeps from %s', (act) => {
    expect(barOf(act as never, { parts: new Set(), interested: true })).toBe('INTERESTED')
  })

  it.each([
    'object',
    'insist',
    'withdraw',
    'suspend',
    'ask-owners',
    'declare',
    'vote-household',
    'rate',
    'withhold-photo',
  ])('does not keep from %s, which brings no money nearer', (act) => {
    expect(barOf(act as never, { parts: new Set(), interested: true })).toBeUndefined()
  })
})

describe('one person with many roles', () => {
  const refusedWith = (code: string) => expect.objectContaining({ kind: 'refused', code })

  it('does not look at their own proposal as a worker', () => {
    const both = neighbour('both', 'h-9', 'worker', 'committee')
    const story = new Story(both)
    expect(story.try(both, { act: 'triage' })).toEqual(refusedWith('FOUR_EYES'))
  })

  it('is not helped by a member of the household', () => {
    const wife = neighbour('wife', 'h-1', 'worker')
    expect(new Story(author).try(wife, { act: 'triage' })).toEqual(refusedWith('FOUR_EYES'))
    const story = new Story(author).finished()
    expect(story.try(neighbour('son', 'h-1'), { act: 'accept' })).toEqual(refusedWith('FOUR_EYES'))
    expect(story.try(acceptor, { act: 'accept' }).kind).toBe('step')
  })

  it('who valued the work neither accepts, approves nor pays it', () => {
    const all = { ...valuator, actors: ['worker', 'committee', 'supervisor', 'charity'] as const } as never
    const story = new Story().finished()
    expect(story.try(all, { act: 'accept' })).toEqual(refusedWith('FOUR_EYES'))
    story.does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    expect(story.try(all, { act: 'approve', amountFen: 110_000 as never })).toEqual(refusedWith('FOUR_EYES'))
    story.does(chair, { act: 'approve', amountFen: 110_000 as never })
    expect(story.pays(all, 110_000)).toEqual(refusedWith('FOUR_EYES'))
  })

  it('who approved does not pay', () => {
    const both = { ...chair, actors: ['committee', 'charity'] as const } as never
    const story = new Story().approved()
    expect(story.pays(both, 110_000)).toEqual(refusedWith('FOUR_EYES'))
    expect(story.pays(payer, 110_000).kind).toBe('pay')
  })

  it('who did the work does not accept it, in whatever role', () => {
    const both = { ...executor, householdId: 'h-8', actors: ['worker', 'resident'] as const } as never
    const story = new Story().decided()
    story.tick()
    story.does(both, { act: 'start' }).does(executor, { act: 'report', text: '材料到了', percent: 30 })
    story.does(executor, {
      act: 'finish',
      text: '装好了',
      receipts: [{ from: '鑫源', number: 'A0001', amountFen: 1 as never, issuedOn: '2026-11-16' }],
    })
    expect(story.try(both, { act: 'accept' })).toEqual(refusedWith('FOUR_EYES'))
  })

  it('accepts once, although a supervisor who lives there could be both', () => {
    const both = neighbour('both', 'h-7', 'supervisor')
    const story = new Story().finished().does(both, { act: 'accept' })
    expect(story.proposal.state).toBe('finished')
    expect(story.try({ ...both, memberId: 'm-both' }, { act: 'accept' }).kind).toBe('same')
    expect(story.proposal.acceptedBy).toHaveLength(1)
  })
})

describe('recusal', () => {
  it('takes a member out of the electors, and their vote out of the count', () => {
    const story = new Story().voting().does(supervisor, { act: 'opine', text: '程序合规。' })
    const [first] = committee
    story.does(person('chair', 'committee'), { act: 'declare', interest: 'relative' })
    expect(electorsOf(story.proposal)).toHaveLength(4)
    story.pass(7)
    story.tick()
    // Three said yes, but one of them is out: two of four are not more than half.
    story.tick(yes(3))
    expect(first?.personId).toBe('issuer|chair')
    expect(story.proposal.vote?.tallies?.committee).toEqual({ electors: 4, yes: 2, no: 0, abstain: 0, passed: false })
    expect(story.proposal.state).toBe('rejected')
  })

  it('can be asked for by the supervisor, of members alone', () => {
    const story = new Story().voting()
    expect(story.try(worker, { act: 'declare', interest: 'bidder', memberId: 'm-second' }).kind).toBe('forbidden')
    expect(story.try(supervisor, { act: 'declare', interest: 'bidder', memberId: 'm-nobody' })).toEqual(
      expect.objectContaining({ code: 'UNKNOWN_MEMBER' }),
    )
    story.does(supervisor, { act: 'declare', interest: 'bidder', memberId: 'm-second' })
    expect(electorsOf(story.proposal).map(({ memberId }) => memberId)).not.toContain('m-second')
    expect(electorsOf(story.proposal)).toHaveLength(4)
  })

  it('leaves the author out, and who lives with the author', () => {
    const member = { personId: 'issuer|author', memberId: 'm-author' }
    const spouse = { personId: 'issuer|spouse', memberId: 'm-spouse', householdId: 'h-1' }
    const story = new Story().noticed().pass(7)
    story.tick([], undefined, [...committee.slice(0, 3), member, spouse])
    expect(electorsOf(story.proposal)).toHaveLength(3)
  })

  it('keeps an objector from answering, and the one who answered from ruling', () => {
    const both = { ...objector, actors: ['resident', 'worker', 'supervisor'] as const } as never
    const objectionId = '11111111-1111-4111-8111-111111111111'
    const story = new Story().noticed().does(both, { act: 'object', objectionId, text: '太贵了，应该再问一家' })
    const answer = { act: 'answer', objectionId, text: '已经问过三家', upheld: false } as const
    expect(story.try(both, answer)).toEqual(expect.objectContaining({ code: 'FOUR_EYES' }))
    const answering = person('answering', 'worker', 'supervisor')
    story.does(answering, answer).does(both, { act: 'insist', objectionId, text: '三家是一个老板' })
    const rule = { act: 'rule', objectionId, text: '已核实不是', upheld: false } as const
    expect(story.try(both, rule)).toEqual(expect.objectContaining({ code: 'FOUR_EYES' }))
    expect(story.try(answering, rule)).toEqual(expect.objectContaining({ code: 'FOUR_EYES' }))
    expect(story.try(supervisor, rule).kind).toBe('step')
  })
})
