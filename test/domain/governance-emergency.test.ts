import { describe, expect, it } from 'vitest'
import type { KeptAct, ProposalState } from '#shared/contracts/governance.ts'
import { usualAsking } from '#shared/domain/governance/asking.ts'
import type { Person } from '#shared/domain/governance/decide-act.ts'
import { faultOfEmergency, faultOfWay } from '#shared/domain/governance/decide-emergency.ts'
import { isReadyToReserve, nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { signaturesOf } from '#shared/domain/governance/emergency.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { isPublic } from '#shared/domain/governance/transitions.ts'
import { quarterOf } from '#shared/kernel/quarters.ts'
import { DAY_MS, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import {
  acceptor,
  burstPipe,
  chair,
  committee,
  executor,
  households,
  MORNING,
  neighbour,
  objector,
  payer,
  person,
  receipt,
  second,
  Story,
  supervisor,
  third,
  worker,
  yes,
} from './governance-story.ts'

const code = (expected: string) => expect.objectContaining({ kind: 'refused', code: expected })
const sign: KeptAct = { act: 'sign', amountFen: 120_000 as never }
const may = (story: Story, who: Person) => possibleActs(story.proposal, who, story.now)
const id = '11111111-1111-4111-8111-111111111111'

describe('an emergency', () => {
  it('goes from the danger to the payment: signed, begun, ratified beside the work, accepted, paid', () => {
    const story = Story.emergency().urgent().repaired().ratifying().counted(yes(3)).accepted()
    expect(story.pays(payer, 110_000)).toMatchObject({ kind: 'pay', paidFen: 110_000, releasedFen: 10_000 })
    expect(story.proposal.state).toBe('disbursed')
    expect(story.proposal.emergency).toEqual({ work: 'finished', ratified: true })
    expect(foldSteps(story.proposal.steps)).toEqual(story.proposal)
    expect(story.proposal.steps.map(({ facts }) => facts.act)).toEqual([
      ...['submit', 'sign', 'sign', 'reserve', 'start', 'finish', 'open', 'opine', 'shut', 'decide'],
      ...['accept', 'accept', 'approve', 'pay'],
    ])
  })

  it('is public at once, with its danger and its one quote', () => {
    const { proposal } = Story.emergency()
    expect(isPublic(proposal.state, proposal.triaged)).toBe(true)
    expect(proposal).toMatchObject({
      ...{ state: 'signing', costFen: 120_000, dueAt: plusMs(MORNING, 2 * DAY_MS) },
      costing: { quotes: [{ from: '鑫源五金', amountFen: 120_000 }], chosen: 0, termDays: 3 },
    })
  })

  it.each([
    ['facilities', 199_999, undefined],
    ['environment', 1, undefined],
    ['public-service', 1, 'EMERGENCY_PURPOSE'],
    ['hardship', 1, 'EMERGENCY_PURPOSE'],
    // From here on the households decide.
    ['facilities', 200_000, 'EMERGENCY_TOO_MUCH'],
  ] as const)('for %s of %i fen: %s', (purpose, amountFen, why) => {
    const fault = faultOfEmergency(
      { ...burstPipe, purpose, lines: [{ what: '抢修', amountFen: amountFen as never }] },
      usualAsking,
    )
    expect(fault?.code).toBe(why)
  })

  it('adds up its lines', () => {
    const line = { what: '抢修', amountFen: 100_000 as never }
    expect(faultOfEmergency({ ...burstPipe, lines: [line, line] }, usualAsking)?.code).toBe('EMERGENCY_TOO_MUCH')
  })

  it('is one of two of a quarter, and none while the way is shut or nobody could ratify it', () => {
    const { proposal } = Story.emergency()
    const way = { used: 1, members: committee }
    expect(faultOfWay(proposal, way, MORNING)).toBeUndefined()
    expect(faultOfWay(proposal, { ...way, used: 2 }, MORNING)).toEqual(code('EMERGENCIES_USED'))
    expect(faultOfWay(proposal, { ...way, shutUntil: plusMs(MORNING, 1) }, MORNING)).toEqual(code('EMERGENCY_SHUT'))
    expect(faultOfWay(proposal, { ...way, shutUntil: MORNING }, MORNING)).toBeUndefined()
    expect(faultOfWay(proposal, { ...way, members: committee.slice(1) }, MORNING)).toEqual(code('COMMITTEE_TOO_SMALL'))
    expect(faultOfWay(Story.emergency(chair).proposal, way, MORNING)).toBeUndefined()
    const interested = Story.emergency(chair).does(second, { act: 'declare', interest: 'relative' })
    expect(faultOfWay(interested.proposal, way, MORNING)).toEqual(code('COMMITTEE_TOO_SMALL'))
  })

  it.each([
    ['2026-12-31T15:59:59.999Z', '2026-q4'],
    ['2026-12-31T16:00:00.000Z', '2027-q1'],
    ['2027-03-31T16:00:00.000Z', '2027-q2'],
    ['2027-09-30T00:00:00.000Z', '2027-q3'],
  ])('of %s is of %s, by the clock of Shanghai', (now, quarter) => {
    expect(quarterOf(shanghaiDay(now))).toBe(quarter)
  })

  it('comes back by the usual way alone', () => {
    const story = new Story().does(worker, { act: 'return', note: '写清楚' })
    const step = Story.emergency().proposal.steps[0]
    expect(() => story.add(step!)).toThrow('usual way')
  })
})

describe('two signatures', () => {
  it('are of two persons of two households, neither of them the author’s', () => {
    const story = Story.emergency(neighbour('author', 'h-1', 'committee'))
    expect(story.try(neighbour('author', 'h-1', 'committee'), sign)).toEqual(code('FOUR_EYES'))
    expect(story.try(neighbour('spouse', 'h-1', 'committee'), sign)).toEqual(code('FOUR_EYES'))
    const husband = neighbour('husband', 'h-5', 'committee')
    story.does(husband, sign)
    expect(story.try(husband, sign).kind).toBe('same')
    expect(story.try(neighbour('wife', 'h-5', 'committee'), sign)).toEqual(code('FOUR_EYES'))
    expect(isReadyToReserve(story.proposal)).toBe(false)
    story.does(second, sign)
    expect(isReadyToReserve(story.proposal)).toBe(true)
    expect(story.try(third, sign)).toEqual(code('NOT_NOW'))
  })

  it('are of the committee alone: not of who supervises it, does it, lives there or pays', () => {
    const story = Story.emergency()
    for (const who of [supervisor, executor, objector, payer]) expect(story.try(who, sign).kind).toBe('forbidden')
    expect(story.try(person('both', 'committee', 'supervisor'), sign)).toEqual(code('FOUR_EYES'))
    expect(may(story, person('both', 'committee', 'supervisor'))).not.toContain('sign')
    expect(may(story, chair)).toEqual(['sign', 'decline', 'declare'])
    expect(may(story, supervisor)).toEqual(['decline', 'suspend', 'declare'])
    expect(may(story, worker)).toEqual(['withdraw', 'declare'])
    expect(may(story, executor)).toEqual(['declare'])
  })

  it('type the sum', () => {
    expect(Story.emergency().try(chair, { act: 'sign', amountFen: 119_999 as never })).toEqual(code('AMOUNT_DIFFERS'))
  })

  it('lapse with two days: what two have not signed by then was no emergency', () => {
    const story = Story.emergency().signs(chair).pass(2)
    expect(story.try(second, sign)).toEqual(code('NOT_NOW'))
    expect(may(story, second)).not.toContain('sign')
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('lapsed')
    expect(Story.emergency().signs(chair).pass(1.99).tick()).toBe(false)
  })

  it('do not count of who is found interested: another one signs', () => {
    const story = Story.emergency().signs(chair, second).does(chair, { act: 'declare', interest: 'bidder' })
    expect(signaturesOf(story.proposal)).toHaveLength(1)
    expect(nextOfSystem(story.proposal)?.act).toBe('lapse')
    expect(story.try(chair, { act: 'sign', amountFen: 120_000 as never })).toEqual({ kind: 'same' })
    story.does(third, sign)
    expect(nextOfSystem(story.proposal)).toMatchObject({ act: 'reserve', by: 'fund' })
    expect(Story.emergency().does(chair, { act: 'declare', interest: 'bidder' }).try(chair, sign)).toEqual(
      code('INTERESTED'),
    )
  })

  it('are refused by one, with a reason', () => {
    const decline: KeptAct = { act: 'decline', note: '物业已经关了总阀，可以走平常的提案' }
    for (const who of [chair, third, supervisor])
      expect(Story.emergency().signs(chair).does(who, decline).proposal.state).toBe('rejected')
    expect(Story.emergency().try(executor, decline).kind).toBe('forbidden')
    expect(Story.emergency(chair).try(chair, decline)).toEqual(code('FOUR_EYES'))
    expect(Story.emergency().urgent().try(third, decline)).toEqual(code('NOT_NOW'))
  })

  it('move nothing while it is suspended', () => {
    const story = Story.emergency().signs(chair).does(supervisor, { act: 'suspend', note: '先去看看现场' })
    expect(story.try(second, sign)).toEqual(code('NOT_NOW'))
    const signed = Story.emergency().signs(chair, second).does(supervisor, { act: 'suspend', note: '先去看看现场' })
    expect(isReadyToReserve(signed.proposal)).toBe(false)
    expect(nextOfSystem(signed.proposal)).toBeUndefined()
    signed.pass(5).does(supervisor, { act: 'resume', note: '看过了' })
    expect(signed.tick()).toBe(true)
    expect(signed.proposal.state).toBe('urgent')
  })

  it('let money that is not there lapse as soon', () => {
    const story = Story.emergency().signs(chair, second)
    expect(nextOfSystem(story.proposal)?.act).toBe('reserve')
    expect(story.proposal.dueAt).toBe(plusMs(MORNING, 2 * DAY_MS))
  })
})

/** Who may do what with an emergency, by hand: the column is who acts, the row where it stands. */
const matrix = `
                       author worker signer member supervisor resident charity
  signing              wd     -      c      sc     c          -        -
  signed               wd     -      c      c      c          -        -
  urgent               -      bA     -      bA     -          o        -
  urgent-begun         -      pfA    -      pfA    -          o        -
  urgent-finished      -      A      -      A      -          o        -
  ratifying            -      b      v      bv     O          -        -
  ratifying-begun      -      pf     v      pfv    O          -        -
  ratified             -      b      -      b      -          -        -
  ratified-begun       -      pf     -      pf     -          -        -
  ratified-finished    -      -      -      -      ar         ar       -
  unratified           -      -      -      -      -          -        -
`
const letters: Readonly<Record<string, string>> = {
  ...{ s: 'sign', c: 'decline', wd: 'withdraw', b: 'start', p: 'report', f: 'finish', o: 'object', A: 'answer' },
  ...{ O: 'opine', v: 'vote', a: 'accept', r: 'refuse' },
}

describe('who may do what with an emergency, where it stands', () => {
  const begun = (story: Story) => story.does(executor, { act: 'start' })
  const objects = (story: Story) => story.does(objector, { act: 'object', objectionId: id, text: '不算应急' })
  const no: Story['counted'] extends (ballots: infer T) => unknown ? T : never = []
  const at: Readonly<Record<string, () => Story>> = {
    signing: () => Story.emergency().signs(chair),
    signed: () => Story.emergency().signs(chair, second),
    urgent: () => objects(Story.emergency().urgent()),
    'urgent-begun': () => begun(objects(Story.emergency().urgent())),
    'urgent-finished': () => objects(Story.emergency().urgent().repaired()),
    ratifying: () => Story.emergency().urgent().ratifying(),
    'ratifying-begun': () => begun(Story.emergency().urgent().ratifying()),
    ratified: () => Story.emergency().urgent().ratifying().counted(yes(3)),
    'ratified-begun': () => begun(Story.emergency().urgent()).ratifying().counted(yes(3)),
    'ratified-finished': () => Story.emergency().urgent().repaired().ratifying().counted(yes(3)),
    unratified: () => {
      const story = Story.emergency().urgent().ratifying().counted(no)
      story.tick()
      return story
    },
  }
  const people = [worker, executor, chair, third, supervisor, acceptor, payer]
  const rows = matrix
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))

  it.each(rows)('%s', (name, ...marks) => {
    const aside = ['declare', 'suspend', 'resume', 'abandon']
    const story = at[name]!()
    const told = people.map((who) => may(story, who).filter((act) => !aside.includes(act)))
    const expected = marks.map((mark) =>
      mark === '-' ? [] : (mark === 'wd' ? [mark] : [...mark]).map((each) => letters[each] ?? each),
    )
    expect(told.map((acts) => [...acts].sort())).toEqual(expected.map((acts) => acts.sort()))
  })
})

describe('the work of an emergency', () => {
  it('begins once the money is set aside, and not before', () => {
    const signed = Story.emergency().signs(chair, second)
    expect(signed.try(executor, { act: 'start' })).toEqual(code('NOT_NOW'))
    const story = Story.emergency().urgent()
    expect(story.try(executor, { act: 'report', text: '到了', percent: 10 })).toEqual(code('NOT_NOW'))
    const finish: KeptAct = { act: 'finish', text: '好了', receipts: [receipt('A001', 1, shanghaiDay(story.now))] }
    expect(story.try(executor, finish)).toEqual(code('NOT_NOW'))
    story.does(executor, { act: 'start' })
    expect(story.try(third, { act: 'start' })).toEqual(code('NOT_NOW'))
    expect(story.does(executor, { act: 'report', text: '到了', percent: 10 }).proposal.state).toBe('urgent')
    story.does(executor, finish)
    expect(story.try(executor, { ...finish, text: '又一次' })).toEqual(code('NOT_NOW'))
  })

  it('is not done by who signed or asked for it, and not accepted, approved or paid by them', () => {
    const story = Story.emergency().urgent()
    for (const who of [chair, worker]) expect(story.try(who, { act: 'start' })).toEqual(code('FOUR_EYES'))
    story.repaired().ratifying().counted(yes(3))
    const everything = ['resident', 'worker', 'committee', 'charity'] as const
    const signer: Person = { ...chair, actors: everything, householdId: 'h-77' }
    expect(story.try(signer, { act: 'accept' })).toEqual(code('FOUR_EYES'))
    story.does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    expect(story.try(chair, { act: 'approve', amountFen: 110_000 as never })).toEqual(code('FOUR_EYES'))
    story.does(third, { act: 'approve', amountFen: 110_000 as never })
    expect(story.pays(signer, 110_000)).toEqual(code('FOUR_EYES'))
    expect(story.pays(payer, 110_000).kind).toBe('pay')
  })

  it('costs no more than two have signed, by receipts of no day before', () => {
    const story = Story.emergency().pass(1).urgent().does(executor, { act: 'start' })
    const finish = (amountFen: number, day: string): KeptAct => ({
      ...{ act: 'finish', text: '好了' },
      receipts: [receipt('A001', amountFen, day)],
    })
    expect(story.try(executor, finish(120_001, shanghaiDay(story.now)))).toEqual(code('OVER_APPROVED'))
    expect(story.try(executor, finish(1, shanghaiDay(MORNING)))).toEqual(code('DAY_WRONG'))
    expect(story.try(executor, finish(120_000, shanghaiDay(story.now))).kind).toBe('step')
  })

  it.each<[string, ProposalState, number, (story: Story) => Story]>([
    ['not begun', 'reserved', 30, (story) => story],
    ['under way', 'executing', 3, (story) => story.does(executor, { act: 'start' })],
    ['finished', 'finished', 10, (story) => story.repaired()],
  ])('that is %s goes on as what it is once ratified, due in time', (_name, state, days, tell) => {
    const story = tell(Story.emergency().urgent()).ratifying().counted(yes(3))
    expect(story.proposal).toMatchObject({ state, dueAt: plusMs(story.now, days * DAY_MS) })
  })

  it('that was not done well is done again, after it was ratified', () => {
    const story = Story.emergency().urgent().repaired().ratifying().counted(yes(3))
    story.does(supervisor, { act: 'refuse', note: '接头还在滴水' })
    expect(story.proposal).toMatchObject({ state: 'executing', emergency: { work: 'begun', ratified: true } })
    const receipts = [receipt('A002', 110_000, shanghaiDay(story.now))]
    story.does(executor, { act: 'finish', text: '重新接好了', receipts }).accepted()
    expect(story.pays(payer, 110_000).kind).toBe('pay')
  })
})

describe('ratifying', () => {
  it('comes after a notice of seven days in which objections are heard; they hold up the vote, and not the work', () => {
    const story = Story.emergency().urgent()
    expect(story.proposal.noticeUntil).toBe(plusMs(MORNING, 7 * DAY_MS))
    story.does(objector, { act: 'object', objectionId: id, text: '总阀一关就行，不算应急' })
    // Not answered in time: that is said, and nothing opens.
    expect(story.pass(7).tick()).toBe(true)
    expect(story.proposal).toMatchObject({ state: 'urgent', objections: [{ overdue: true }] })
    expect(story.tick()).toBe(false)
    // Right or wrong, it does not send the work home: the committee weighs it.
    story.does(executor, { act: 'answer', objectionId: id, text: '说得对，可以先关阀', upheld: true })
    expect(story.proposal.state).toBe('urgent')
    expect(story.pass(2.99).tick()).toBe(false)
    expect(story.pass(0.01).tick()).toBe(true)
    expect(story.proposal.state).toBe('ratifying')
  })

  it('waits for the ruling on what somebody insists on', () => {
    const story = Story.emergency().urgent()
    story.does(objector, { act: 'object', objectionId: id, text: '不算应急' })
    story.does(executor, { act: 'answer', objectionId: id, text: '有漏电的危险', upheld: false })
    story.does(objector, { act: 'insist', objectionId: id, text: '配电箱在楼上' }).pass(30)
    expect(story.tick()).toBe(false)
    story.does(supervisor, { act: 'rule', objectionId: id, text: '看过现场，属实', upheld: true })
    expect(story.proposal.state).toBe('urgent')
    expect(story.tick()).toBe(true)
  })

  it('takes more than two who signed: three of at least four', () => {
    const vote = (members: typeof committee, ballots = yes(2)) => {
      const story = Story.emergency().urgent().pass(7)
      story.tick([], undefined, members)
      return story.counted(ballots).proposal
    }
    expect(vote(committee).vote?.tallies?.committee).toMatchObject({ electors: 5, yes: 2, passed: false })
    expect(vote(committee, yes(3)).state).toBe('reserved')
    // Two are recused: the three who are left may be the two and one other, and cannot ratify.
    const few = Story.emergency().urgent().ratifying()
    for (const name of ['fourth', 'fifth']) few.does(person(name, 'committee'), { act: 'declare', interest: 'other' })
    expect(few.counted(yes(3)).proposal).toMatchObject({
      state: 'releasing',
      vote: { tallies: { committee: { electors: 3, yes: 3, passed: false } } },
    })
  })

  it('asks the households too, should the district ever let it cost so much', () => {
    const told = { ...burstPipe, lines: [{ what: '抢修', amountFen: 250_000 as never }] }
    const story = Story.emergency(worker, told).urgent().ratifying()
    expect(story.proposal.vote?.rules.map(({ electorate }) => electorate)).toEqual(['committee', 'households'])
    expect(story.counted([...yes(3), ...households(1, 30)]).proposal.state).toBe('releasing')
  })

  it('that fails gives the money back, and says so for good', () => {
    const story = Story.emergency().urgent().repaired().ratifying().counted(yes(2))
    expect(story.proposal).toMatchObject({ state: 'releasing', emergency: { work: 'finished', ratified: false } })
    for (const who of [supervisor, acceptor, third, payer]) {
      expect(story.try(who, { act: 'accept' }).kind).not.toBe('step')
      expect(story.try(who, { act: 'approve', amountFen: 110_000 as never }).kind).not.toBe('step')
    }
    expect(story.pays(payer, 110_000)).toEqual(code('NOT_NOW'))
    expect(nextOfSystem(story.proposal)).toMatchObject({ act: 'release', by: 'fund' })
    story.tick()
    expect(story.proposal.state).toBe('unratified')
  })

  it('that nobody gets to lapses as one that failed: no notice or vote hangs for ever', () => {
    const unanswered = Story.emergency().urgent()
    unanswered.does(objector, { act: 'object', objectionId: id, text: '不算应急' }).pass(7 + 84)
    // That the answer is overdue, and then that it is too late for one.
    for (const _said of ['overdue', 'lapse']) expect(unanswered.tick()).toBe(true)
    const silent = Story.emergency().urgent().ratifying().pass(7)
    silent.tick()
    silent.pass(84).tick(yes(5))
    for (const story of [unanswered, silent]) {
      expect(story.proposal).toMatchObject({ state: 'releasing', emergency: { ratified: false } })
      story.tick()
      expect(story.proposal.state).toBe('unratified')
    }
  })

  it('is broken off by two persons meanwhile, and is then no vote that failed', () => {
    for (const story of [Story.emergency().urgent(), Story.emergency().urgent().ratifying()]) {
      expect(story.try(third, { act: 'abandon', note: '不用修了' })).toEqual(code('NOT_NOW'))
      story.does(supervisor, { act: 'suspend', note: '先停' }).does(third, { act: 'abandon', note: '不用修了' })
      story.tick()
      expect(story.proposal).toMatchObject({ state: 'abandoned', emergency: { work: 'waiting' } })
    }
  })

  it('whose work was begun is not broken off past the committee: it counts as not ratified', () => {
    const begun = () => Story.emergency().urgent().does(executor, { act: 'start' })
    const beside = begun().does(executor, { act: 'report', text: '换好了一段', percent: 50 })
    for (const story of [begun(), beside, begun().ratifying()]) {
      story.does(supervisor, { act: 'suspend', note: '先停' }).does(third, { act: 'abandon', note: '不办了' })
      expect(story.proposal).toMatchObject({ state: 'releasing', suspended: false, emergency: { ratified: false } })
      story.tick()
      expect(story.proposal.state).toBe('unratified')
    }
    // What the committee has ratified is broken off as any other project.
    const ratified = begun().ratifying().counted(yes(3)).does(supervisor, { act: 'suspend', note: '先停' })
    ratified.does(third, { act: 'abandon', note: '不办了' }).tick()
    expect(ratified.proposal).toMatchObject({ state: 'abandoned', emergency: { ratified: true } })
  })

  it('gives its clocks back the time that stood still', () => {
    const story = Story.emergency().urgent().does(supervisor, { act: 'suspend', note: '看看' }).pass(3)
    story.does(supervisor, { act: 'resume', note: '好了' })
    expect(story.proposal.noticeUntil).toBe(plusMs(MORNING, 10 * DAY_MS))
  })
})
