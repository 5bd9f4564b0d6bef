import { describe, expect, it } from 'vitest'
import { STEPS_MAX, type KeptAct } from '#shared/contracts/governance.ts'
import { decideAct, receiptKey } from '#shared/domain/governance/decide-act.ts'
import { decidePayment } from '#shared/domain/governance/decide-payment.ts'
import { asCounted, electorsOf, isReadyToReserve, nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { electoratesOf, mayRate, mayRevise, possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { after } from '#shared/domain/governance/proposal.ts'
import { DAY_MS, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import {
  acceptor,
  author,
  chair,
  committee,
  entered,
  executor,
  MORNING,
  neighbour,
  objector,
  payer,
  person,
  quote,
  receipt,
  Story,
  supervisor,
  valuator,
  worker,
  yes,
} from './governance-story.ts'

const code = (expected: string, fields?: readonly string[]) =>
  expect.objectContaining({
    ...{ kind: 'refused', code: expected },
    ...(fields === undefined ? {} : { fields: Object.fromEntries(fields.map((name) => [name, expect.any(String)])) }),
  })
const id = (n: number) => `11111111-1111-4111-8111-1111111111${String(n).padStart(2, '0')}`
const may = (story: Story, who: Parameters<typeof possibleActs>[1]) => possibleActs(story.proposal, who, story.now)
const objects = (story: Story, n: number, who = objector) =>
  story.does(who, { act: 'object', objectionId: id(n), text: `第 ${n} 条意见` })
const answers = (story: Story, n: number) =>
  story.does(worker, { act: 'answer', objectionId: id(n), text: '答复', upheld: false })

/** Just enough: two thirds of both take part, three quarters of them agree. */
const owners = {
  item: 8,
  totalHeads: 300,
  totalAreaCm: 3_000_000,
  heads: 200,
  areaCm: 2_000_000,
  forHeads: 150,
  forAreaCm: 1_500_000,
}

describe('a refusal names the field', () => {
  const meeting = (change: object): KeptAct =>
    ({
      act: 'deliberate',
      heldOn: '2026-11-02',
      expected: 9,
      attended: 9,
      minutes: '大家都同意这样办，没有别的意见。',
      ...change,
    }) as KeptAct
  const cost = (change: object): KeptAct =>
    ({ act: 'cost', quotes: [quote('甲', 5_000), quote('乙', 4_000)], chosen: 1, termDays: 30, ...change }) as KeptAct
  it.each<[string, Story, typeof worker, KeptAct, string, string[]]>([
    [
      'a meeting of tomorrow',
      new Story().triaged(),
      worker,
      meeting({ heldOn: '2026-11-03' }),
      'DAY_WRONG',
      ['heldOn'],
    ],
    ['more than were due', new Story().triaged(), worker, meeting({ attended: 10 }), 'FIGURES_WRONG', ['attended']],
    ['too few', new Story().triaged(), worker, meeting({ attended: 4 }), 'FIGURES_WRONG', ['attended']],
    ['no quote chosen', new Story().deliberated(), valuator, cost({ chosen: 5 }), 'FIGURES_WRONG', ['chosen']],
    [
      'one firm twice',
      new Story().deliberated(),
      valuator,
      cost({ quotes: [quote('甲', 1), quote('甲', 2)] }),
      'FIGURES_WRONG',
      ['quotes'],
    ],
    [
      'too few quotes',
      new Story().deliberated(),
      valuator,
      cost({ quotes: [quote('甲', 500_000)], chosen: 0 }),
      'QUOTES_MISSING',
      ['quotes'],
    ],
    ['not the cheapest', new Story().deliberated(), valuator, cost({ chosen: 0 }), 'WHY_MISSING', ['why']],
  ])('%s', (_what, story, who, act, why, fields) => {
    expect(story.try(who, act)).toEqual(code(why, fields))
  })

  it('of receipts', () => {
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    const finish = (...receipts: ReturnType<typeof receipt>[]): KeptAct => ({ act: 'finish', text: '做完了', receipts })
    const day = shanghaiDay(story.now)
    expect(story.try(executor, finish(receipt('A001', 1, day), receipt('A002', 1, '2027-01-01')))).toEqual(
      code('DAY_WRONG', ['issuedOn']),
    )
    expect(story.try(executor, finish(receipt('A001', 1, day), receipt('A001', 1, day)))).toEqual(
      code('RECEIPT_USED', ['number']),
    )
    expect(story.try(executor, finish(receipt('A001', 120_001, day)))).toEqual(code('OVER_APPROVED', ['receipts']))
  })

  it('of sums, owners and members', () => {
    const story = new Story().finished().does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    expect(story.try(chair, { act: 'approve', amountFen: 1 as never })).toEqual(code('AMOUNT_DIFFERS', ['amountFen']))
    story.does(chair, { act: 'approve', amountFen: 110_000 as never })
    expect(story.pays(payer, 1)).toEqual(code('TYPED_AMOUNT_DIFFERS', ['amountFen']))
    expect(new Story().voting().try(supervisor, { act: 'declare', interest: 'other', memberId: 'm-x' })).toEqual(
      code('UNKNOWN_MEMBER', ['memberId']),
    )
    expect(new Story().try(supervisor, { act: 'declare', interest: 'other', memberId: 'm-chair' })).toEqual(
      code('UNKNOWN_MEMBER', ['memberId']),
    )
  })
})

describe('a suspended proposal', () => {
  it.each<[Story, typeof worker, KeptAct]>([
    [new Story(), worker, { act: 'triage' }],
    [new Story().noticed(), objector, { act: 'object', objectionId: id(1), text: '不同意' }],
    [new Story().voting(), supervisor, { act: 'opine', text: '合规' }],
    [new Story().finished(), acceptor, { act: 'accept' }],
  ])('takes no step but to be taken up again %#', (story, who, act) => {
    story.does(person('watch', 'supervisor'), { act: 'suspend', note: '有人举报' })
    expect(story.try(who, act)).toEqual(
      expect.objectContaining({ code: 'NOT_NOW', detail: expect.stringContaining('暂停') }),
    )
    expect(may(story, who)).not.toContain(act.act)
    expect(may(story, person('watch', 'supervisor'))).toEqual(['resume', 'declare'])
    story.does(person('watch', 'supervisor'), { act: 'resume', note: '查清了' })
    expect(story.try(who, act).kind).toBe('step')
  })

  it('is not reserved, voted on or written anew', () => {
    const decided = new Story().decided().does(supervisor, { act: 'suspend', note: '有人举报' })
    expect(isReadyToReserve(decided.proposal)).toBe(false)
    expect(nextOfSystem(decided.proposal)).toBeUndefined()
    expect(isReadyToReserve(new Story().voting().proposal)).toBe(false)
    const voting = new Story().voting().does(supervisor, { act: 'suspend', note: '有人举报' })
    expect(electoratesOf(voting.proposal, chair, voting.now)).toEqual([])
    const returned = new Story()
      .does(worker, { act: 'return', note: '写清楚' })
      .does(supervisor, { act: 'suspend', note: '有人举报' })
    expect(mayRevise(returned.proposal, author)).toBe(false)
    expect(
      new Story().does(supervisor, { act: 'suspend', note: '有人举报' }).does(author, { act: 'withdraw' }).proposal
        .state,
    ).toBe('withdrawn')
  })
})

describe('limits', () => {
  it('leave room for what moves a proposal on, or ends it', () => {
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    for (let n = 0; story.proposal.steps.length < STEPS_MAX - 60; n++) {
      story.does(executor, { act: 'report', text: `第 ${n} 次进度`, percent: 1 })
    }
    expect(story.try(executor, { act: 'report', text: '再报一次', percent: 2 })).toEqual(code('TOO_MANY'))
    expect(story.try(objector, { act: 'declare', interest: 'other' })).toEqual(code('TOO_MANY'))
    const receipts = [receipt('A001', 1, shanghaiDay(story.now))]
    expect(story.try(executor, { act: 'finish', text: '做完了', receipts }).kind).toBe('step')
  })

  it('keep no proposal suspended: what stands still at the limit is taken up again', () => {
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    for (let n = 0; story.proposal.steps.length < STEPS_MAX - 60; n++)
      story.does(executor, { act: 'report', text: `第 ${n} 次进度`, percent: 1 })
    for (let n = 0; n < 4; n++)
      story.does(supervisor, { act: 'suspend', note: '先停一停' }).does(supervisor, { act: 'resume', note: '查清了' })
    expect(story.proposal).toMatchObject({ state: 'executing', suspended: false })
    // Nobody does so for ever, and it ends taken up again.
    let count = 0
    while (story.try(supervisor, { act: 'suspend', note: `第 ${count} 次` }).kind === 'step')
      story.does(supervisor, { act: 'resume', note: `第 ${(count += 1)} 次` })
    expect(story.proposal.steps.length).toBeLessThan(STEPS_MAX + 30)
    expect(story.proposal.suspended).toBe(false)
  })

  it('are what people said: that something is overdue takes nobody’s room', () => {
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    for (let n = 0; n < STEPS_MAX; n++) story.add({ at: story.now, actor: 'system', facts: { act: 'overdue' } })
    expect(story.try(executor, { act: 'report', text: '还在做', percent: 50 }).kind).toBe('step')
  })

  it.each([STEPS_MAX - 60, STEPS_MAX])('never keep money: after %i steps two persons still break it off', (count) => {
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    for (let n = 0; story.proposal.steps.length < STEPS_MAX - 60; n++) {
      story.does(executor, { act: 'report', text: `第 ${n} 次进度`, percent: 1 })
    }
    const receipts = [receipt('A001', 1, shanghaiDay(story.now))]
    while (story.proposal.steps.length < count - 1) {
      story.does(executor, { act: 'finish', text: '做完了', receipts })
      story.does(supervisor, { act: 'refuse', note: '有一段松了' })
    }
    // Finished or still under way: at the very limit it can only be broken off.
    story.try(executor, { act: 'finish', text: '做完了', receipts })
    expect(story.proposal.state).toBe(count === STEPS_MAX ? 'executing' : 'finished')
    story.does(supervisor, { act: 'suspend', note: '施工队走了' }).does(chair, { act: 'abandon', note: '不办了' })
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('abandoned')
  })

  it('are fifty objections, and three of a household', () => {
    const story = new Story().noticed()
    for (let n = 0; n < 3; n++) answers(objects(story, n), n)
    expect(story.try(objector, { act: 'object', objectionId: id(60), text: '第四条' })).toEqual(code('TOO_MANY'))
    expect(story.try(neighbour('wife', 'h-2'), { act: 'object', objectionId: id(61), text: '她的' })).toEqual(
      code('TOO_MANY'),
    )
    for (let n = 3; n < 50; n++) answers(objects(story, n, neighbour(`n-${n}`, `h-${n + 10}`)), n)
    expect(story.try(acceptor, { act: 'object', objectionId: id(62), text: '又一条' })).toEqual(code('TOO_MANY'))
  })
})

describe('nothing hangs for ever', () => {
  it('a notice that nobody answers, and a vote without an opinion, lapse after twelve times their length', () => {
    const unanswered = objects(new Story().noticed(), 1).pass(7 + 84 - 0.01)
    expect(unanswered.tick()).toBe(true)
    expect(unanswered.proposal).toMatchObject({ state: 'noticed', objections: [{ overdue: true }] })
    expect(unanswered.tick()).toBe(false)
    expect(unanswered.pass(0.01).tick()).toBe(true)
    expect(unanswered.proposal.state).toBe('lapsed')
    const silent = new Story().voting().pass(7)
    silent.tick()
    expect(silent.pass(83.99).tick(yes(5))).toBe(false)
    expect(silent.pass(0.01).tick(yes(5))).toBe(true)
    expect(silent.proposal.state).toBe('lapsed')
  })

  it('a worker can give a proposal back while it is on notice', () => {
    expect(new Story().noticed().does(worker, { act: 'return', note: '要重新询价' }).proposal.state).toBe('returned')
  })

  it('only the payer gives back what is to be paid, and knows that it is not paid yet', () => {
    const story = new Story().approved()
    for (const who of [objector, supervisor])
      expect(story.try(who, { act: 'refuse', note: '等一等' })).toEqual(code('NOT_NOW'))
    expect(may(story, supervisor)).not.toContain('refuse')
    expect(new Story().finished().try(payer, { act: 'refuse', note: '等一等' })).toEqual(code('NOT_NOW'))
    expect(story.does(payer, { act: 'refuse', note: '发票抬头不对' }).proposal).toMatchObject({
      state: 'executing',
      acceptedBy: [],
    })
  })
})

describe('who steps aside, and when', () => {
  it('binds the household', () => {
    const story = new Story().finished()
    const husband = neighbour('husband', 'h-5')
    const wife = { ...neighbour('wife', 'h-5'), actors: ['resident', 'supervisor', 'committee'] } as never
    story.does(husband, { act: 'declare', interest: 'bidder' })
    expect(story.try(wife, { act: 'accept' })).toEqual(code('INTERESTED'))
    const voting = new Story().noticed().pass(7)
    voting.tick([], undefined, [
      ...committee.slice(0, 4),
      { personId: 'issuer|wife', memberId: 'm-wife', householdId: 'h-5' },
    ])
    expect(electorsOf(voting.proposal)).toHaveLength(5)
    voting.does(husband, { act: 'declare', interest: 'bidder' })
    expect(electorsOf(voting.proposal)).toHaveLength(4)
  })

  it('is nobody’s to say of others once the vote is closed, and changes no count', () => {
    const story = new Story().voting().pass(7)
    expect(story.try(supervisor, { act: 'declare', interest: 'other', memberId: 'm-fifth' })).toEqual(code('NOT_NOW'))
    story.tick()
    expect(story.try(supervisor, { act: 'declare', interest: 'other', memberId: 'm-fifth' })).toEqual(code('NOT_NOW'))
    for (const name of ['fourth', 'fifth']) story.does(person(name, 'committee'), { act: 'declare', interest: 'other' })
    story.does(supervisor, { act: 'opine', text: '合规' })
    story.tick(yes(2))
    expect(story.proposal.vote?.tallies?.committee).toEqual({ electors: 5, yes: 2, no: 0, abstain: 0, passed: false })
    expect(story.proposal.state).toBe('rejected')
  })

  it('after accepting or approving makes others do it again before anything is paid', () => {
    const story = new Story().approved().does(acceptor, { act: 'declare', interest: 'relative' })
    expect(story.pays(payer, 110_000)).toEqual(code('INTERESTED'))
    story.does(payer, { act: 'refuse', note: '换人验收' })
    story.does(executor, {
      act: 'finish',
      text: '请重新验收',
      receipts: [receipt('A001', 110_000, shanghaiDay(story.now))],
    })
    expect(story.try(acceptor, { act: 'accept' })).toEqual(code('INTERESTED'))
    story
      .does(supervisor, { act: 'accept' })
      .does(objector, { act: 'accept' })
      .does(chair, { act: 'approve', amountFen: 110_000 as never })
    expect(story.pays(payer, 110_000).kind).toBe('pay')
  })

  it('can be asked of whoever has acted here', () => {
    const story = new Story().noticed().does(supervisor, { act: 'declare', interest: 'bidder', memberId: 'm-valuator' })
    expect(story.proposal.interested.get('m-valuator')).toEqual({ interest: 'bidder' })
    expect(story.try(supervisor, { act: 'declare', interest: 'bidder', memberId: 'm-nobody' })).toEqual(
      code('UNKNOWN_MEMBER'),
    )
  })

  it('is not the one who valued the work, or asked for it, and does it', () => {
    const story = new Story().decided()
    story.tick()
    expect(story.try(valuator, { act: 'start' })).toEqual(code('FOUR_EYES'))
    expect(story.try({ ...author, actors: ['resident', 'worker'] } as never, { act: 'start' })).toEqual(
      code('FOUR_EYES'),
    )
  })
})

describe('time that stands still', () => {
  it('is given back to every clock', () => {
    const story = answers(objects(new Story().noticed(), 1), 1)
    story
      .pass(1)
      .does(supervisor, { act: 'suspend', note: '有人举报' })
      .pass(10)
      .does(supervisor, { act: 'resume', note: '查清了' })
    expect(story.proposal).toMatchObject({
      noticeUntil: plusMs(MORNING, 17 * DAY_MS),
      dueAt: plusMs(MORNING, 17 * DAY_MS),
    })
    expect(story.proposal.objections[0]?.insistUntil).toBe(plusMs(MORNING, 13 * DAY_MS))
    const voting = new Story()
      .voting()
      .does(supervisor, { act: 'suspend', note: '有人举报' })
      .pass(30)
      .does(supervisor, { act: 'resume', note: '查清了' })
    expect(voting.tick()).toBe(false)
    expect(electoratesOf(voting.proposal, chair, voting.now)).toEqual(['committee'])
    const decided = new Story()
      .decided()
      .does(supervisor, { act: 'suspend', note: '有人举报' })
      .pass(91)
      .does(supervisor, { act: 'resume', note: '查清了' })
    expect(nextOfSystem(decided.proposal)).toMatchObject({ act: 'reserve' })
    const paid = new Story().approved()
    paid.pays(payer, 110_000)
    const { until } = paid.proposal.rating ?? { until: '' }
    paid
      .does(supervisor, { act: 'suspend', note: '有人举报' })
      .pass(2)
      .does(supervisor, { act: 'resume', note: '查清了' })
    expect(paid.proposal.rating?.until).toBe(plusMs(until, 2 * DAY_MS))
    expect(paid.proposal.resultsUntil).toBe(plusMs(MORNING, (7 + 7 + 3 + 30 + 2) * DAY_MS))
  })
})

describe('what is the same', () => {
  it('is the last thing that somebody said, and not any earlier one', () => {
    const story = new Story().decided()
    story.tick()
    const report = (text: string): KeptAct => ({ act: 'report', text, percent: 50 })
    story.does(executor, { act: 'start' }).does(executor, report('正常施工'))
    expect(story.try(executor, report('正常施工')).kind).toBe('same')
    story.does(executor, report('停工两天'))
    expect(story.try(executor, report('正常施工')).kind).toBe('step')
  })

  it('is not the same fault found again when the work was handed in anew', () => {
    const story = new Story().finished()
    const receipts = [receipt('A001', 1, shanghaiDay(story.now))]
    const refuse: KeptAct = { act: 'refuse', note: '有一段松了' }
    story.does(supervisor, refuse)
    expect(story.try(supervisor, refuse).kind).toBe('same')
    story.does(executor, { act: 'finish', text: '重新装好了', receipts })
    expect(story.try(supervisor, refuse).kind).toBe('step')
    expect(story.proposal.state).toBe('executing')
  })

  it('are not figures that somebody else has typed over', () => {
    const story = new Story().does(worker, { act: 'triage', ownersItem: 8 })
    const plain = new Story().decided()
    for (const step of plain.proposal.steps.slice(2)) story.add(step)
    story.now = plain.now
    story.does(worker, entered('record-owners', owners))
    story.does(person('other', 'worker'), entered('record-owners', { ...owners, forHeads: 1 }))
    expect(story.try(worker, entered('record-owners', owners)).kind).toBe('step')
  })

  it('is a receipt’s number, however it is spelt', () => {
    expect(['AB-12345', 'ab12345', 'ＡＢ 12345'].map(receiptKey)).toEqual(['AB12345', 'AB12345', 'AB12345'])
    const story = new Story().decided()
    story.tick()
    story.does(executor, { act: 'start' })
    const day = shanghaiDay(story.now)
    const receipts = [receipt('AB-12345', 1, day), receipt('ab12345', 1, day)]
    expect(story.try(executor, { act: 'finish', text: '做完了', receipts })).toEqual(code('RECEIPT_USED'))
    const old = [receipt('A001', 1, '2026-11-15')]
    expect(story.try(executor, { act: 'finish', text: '做完了', receipts: old })).toEqual(
      code('DAY_WRONG', ['issuedOn']),
    )
  })

  it('is no meeting of before the proposal', () => {
    const meeting: KeptAct = {
      act: 'deliberate',
      heldOn: '2026-11-01',
      expected: 9,
      attended: 9,
      minutes: '大家都同意这样办，没有别的意见。',
    }
    expect(new Story().triaged().try(worker, meeting)).toEqual(code('DAY_WRONG', ['heldOn']))
  })
})

describe('objections', () => {
  it('are answered one by one', () => {
    const story = objects(objects(new Story().noticed(), 1), 2, acceptor)
    answers(story, 1)
    expect(story.proposal.objections.map(({ answer }) => answer !== undefined)).toEqual([true, false])
    expect(story.try(worker, { act: 'answer', objectionId: id(1), text: '再答一次', upheld: false })).toEqual(
      code('NOT_NOW'),
    )
    story.pass(20)
    expect(story.tick()).toBe(true)
    expect(story.proposal).toMatchObject({ state: 'noticed', objections: [{}, { overdue: true }] })
    expect(story.tick()).toBe(false)
    answers(story, 2).pass(3)
    expect(story.tick()).toBe(true)
  })

  it('show whose turn it is', () => {
    const story = objects(new Story().noticed(), 1)
    expect(may(story, worker)).toContain('answer')
    expect(may(story, { ...objector, actors: ['resident', 'worker'] } as never)).not.toContain('answer')
    expect(may(story, objector)).not.toContain('insist')
    answers(story, 1)
    expect(may(story, worker)).not.toContain('answer')
    expect(may(story, objector)).toContain('insist')
    expect(may(story, acceptor)).not.toContain('insist')
    expect(may(story, supervisor)).not.toContain('rule')
    story.does(objector, { act: 'insist', objectionId: id(1), text: '坚持' })
    expect(may(story, objector)).not.toContain('insist')
    expect(may(story, supervisor)).toContain('rule')
    expect(may(story, { ...objector, actors: ['resident', 'supervisor'] } as never)).not.toContain('rule')
    expect(story.try(objector, { act: 'insist', objectionId: id(1), text: '再坚持' })).toEqual(code('NOT_NOW'))
    story.does(supervisor, { act: 'rule', objectionId: id(1), text: '裁定', upheld: false })
    expect(may(story, supervisor)).not.toContain('rule')
    expect(story.try(supervisor, { act: 'rule', objectionId: id(1), text: '再裁定', upheld: true })).toEqual(
      code('NOT_NOW'),
    )
    // Who has an answer may object to something else.
    expect(story.try(objector, { act: 'object', objectionId: id(2), text: '另一件' }).kind).toBe('step')
  })

  it('cannot be ruled on before somebody insists, nor insisted on at the last moment', () => {
    const story = answers(objects(new Story().noticed(), 1), 1)
    expect(story.try(supervisor, { act: 'rule', objectionId: id(1), text: '裁定', upheld: true })).toEqual(
      code('NOT_NOW'),
    )
    const until = story.proposal.objections[0]?.insistUntil ?? ''
    expect(until).toBe(plusMs(MORNING, 3 * DAY_MS))
    story.now = until
    expect(may(story, objector)).not.toContain('insist')
    expect(story.try(objector, { act: 'insist', objectionId: id(1), text: '晚了' })).toEqual(code('NOT_NOW'))
    story.now = plusMs(until, -1)
    expect(may(story, objector)).toContain('insist')
    expect(story.try(objector, { act: 'insist', objectionId: id(1), text: '赶上了' }).kind).toBe('step')
  })

  it('end with the notice to the moment', () => {
    const story = new Story().noticed()
    story.now = plusMs(MORNING, 7 * DAY_MS)
    expect(may(story, objector)).not.toContain('object')
    story.now = plusMs(story.now, -1)
    expect(may(story, objector)).toContain('object')
  })
})

describe('what is kept of a step', () => {
  it('is who, as what, where they lived, when, and by when what follows is due', () => {
    const { proposal } = objects(new Story().noticed(), 1)
    expect(proposal.steps.at(-1)).toEqual({
      ...{ at: MORNING, actor: 'resident', personId: 'issuer|objector', memberId: 'm-objector', householdId: 'h-2' },
      ...{ facts: { act: 'object', objectionId: id(1), text: '第 1 条意见' }, until: plusMs(MORNING, 3 * DAY_MS) },
    })
    expect(new Story().triaged().proposal.steps.at(-1)).toEqual({
      ...{ at: MORNING, actor: 'worker', personId: 'issuer|worker', memberId: 'm-worker' },
      ...{ facts: { act: 'triage' }, until: plusMs(MORNING, 20 * DAY_MS) },
    })
  })

  it.each<[string, (story: Story) => Story, number | undefined]>([
    ['triage', (story) => story.triaged(), 20],
    ['deliberate', (story) => story.deliberated(), 10],
    ['cost', (story) => story.noticed(), 7],
    ['start', (story) => (story.decided(), story.tick(), story.does(executor, { act: 'start' })), 20],
    ['finish', (story) => story.finished(), 10],
    ['accept once', (story) => story.finished().does(acceptor, { act: 'accept' }), undefined],
    [
      'accept twice',
      (story) => story.finished().does(acceptor, { act: 'accept' }).does(supervisor, { act: 'accept' }),
      5,
    ],
    ['approve', (story) => story.approved(), 5],
    ['refuse', (story) => story.finished().does(acceptor, { act: 'refuse', note: '松了' }), 20],
  ])('%s is due in time', (_name, tell, days) => {
    const story = tell(new Story())
    const until = story.proposal.steps.at(-1)?.until
    expect(until).toBe(days === undefined ? undefined : plusMs(story.now, days * DAY_MS))
    if (days !== undefined) expect(story.proposal.dueAt).toBe(until)
  })

  it('goes by shorter days in a demonstration', () => {
    const decided = decideAct(new Story().proposal, { act: 'triage' }, worker, MORNING, 1_000)
    expect(decided.kind === 'step' && decided.step.until).toBe(plusMs(MORNING, 20_000))
  })

  it('begins anew with a new wording: parts, triage, costs; the author and interests stay', () => {
    const story = objects(new Story().noticed(), 1).does(person('third', 'committee'), {
      act: 'declare',
      interest: 'relative',
    })
    story.does(worker, { act: 'answer', objectionId: id(1), text: '确实', upheld: true })
    const [first] = story.proposal.steps
    if (first === undefined) throw new Error('no step')
    story.add({ ...first, at: story.now })
    const { proposal } = story
    expect(proposal).toMatchObject({ state: 'submitted', triaged: false, objections: [], costFen: 150_000 })
    expect(proposal.costing).toBeUndefined()
    expect(proposal.partSteps.map(({ part }) => part)).toEqual(['author'])
    expect([...proposal.interested.keys()]).toEqual(['m-third'])
    // Who valued the first wording may look at the second; its author may not.
    expect(story.try(valuator, { act: 'triage' }).kind).toBe('step')
    expect(proposal.triaged).toBe(false)
    expect(story.proposal.triaged).toBe(true)
  })
})

describe('the payment’s day', () => {
  it.each([
    [-1, 'DAY_WRONG'],
    [1, 'DAY_WRONG'],
    [0, undefined],
  ])('may be %i days off: %s', (days, why) => {
    const story = new Story().approved()
    const paidOn = shanghaiDay(plusMs(story.now, days * DAY_MS))
    const payment = { amountFen: 110_000 as never, bankReference: 'ICBC-0001', paidOn }
    const decision = decidePayment(story.proposal, payment, payer, story.now, DAY_MS)
    expect(decision.kind === 'refused' ? decision.code : undefined).toBe(why)
    if (decision.kind === 'refused') expect(Object.keys(decision.fields ?? {})).toEqual(['paidOn'])
  })

  it('and the payer’s household are kept', () => {
    const story = new Story().approved()
    const atHome = { ...payer, householdId: 'h-6' }
    const payment = { amountFen: 110_000 as never, bankReference: 'ICBC-0001', paidOn: shanghaiDay(story.now) }
    const decision = decidePayment(story.proposal, payment, atHome, story.now, DAY_MS)
    if (decision.kind !== 'pay') throw new Error(decision.kind)
    expect(decision.stepOf(8)).toMatchObject({
      householdId: 'h-6',
      actor: 'charity',
      until: plusMs(story.now, 30 * DAY_MS),
    })
    story.pays(payer, 110_000)
    expect(story.proposal.steps.at(-1)).not.toHaveProperty('householdId')
    expect(decidePayment(story.proposal, { ...payment, amountFen: 1 as never }, payer, story.now, DAY_MS)).toEqual(
      code('NOT_NOW'),
    )
  })
})

describe('votes', () => {
  it('are a member’s who sits in the committee, and a household’s', () => {
    const story = new Story().voting(300_000)
    const both = { ...neighbour('chair', 'h-4'), actors: ['resident', 'committee'] } as never
    expect(electoratesOf(story.proposal, both, story.now)).toEqual(['committee', 'households'])
    expect(electoratesOf(story.proposal, worker, story.now)).toEqual([])
    expect(electoratesOf(story.proposal, { ...chair, actors: ['worker'] } as never, story.now)).toEqual([])
    expect(electoratesOf(story.proposal, person('new', 'committee'), story.now)).toEqual([])
    story.now = story.proposal.vote?.closesAt ?? ''
    expect(electoratesOf(story.proposal, both, story.now)).toEqual([])
    story.tick()
    story.now = plusMs(story.now, -DAY_MS)
    expect(electoratesOf(story.proposal, both, story.now)).toEqual([])
    expect(electoratesOf(new Story().decided().proposal, both, MORNING)).toEqual([])
  })

  it('are of households that were here when it opened', () => {
    const story = new Story().voting(300_000)
    const since = (at: string) => ({ ...neighbour('late', 'h-9'), residentSince: at })
    const opened = story.proposal.vote?.opensAt ?? ''
    expect(electoratesOf(story.proposal, since(opened), story.now)).toEqual(['households'])
    expect(electoratesOf(story.proposal, since(plusMs(opened, 1)), story.now)).toEqual([])
  })

  it('count those who were electors then', () => {
    const story = new Story().decided()
    story.does(person('second', 'committee'), { act: 'declare', interest: 'other' })
    expect(electorsOf(story.proposal)).toHaveLength(4)
    expect(electorsOf(asCounted(story.proposal) ?? story.proposal)).toHaveLength(5)
    expect(asCounted(new Story().voting().proposal)).toBeUndefined()
    expect(electorsOf(new Story().proposal)).toEqual([])
  })

  it('of a rating end with it', () => {
    const story = new Story().approved()
    story.pays(payer, 110_000)
    expect(mayRate(story.proposal, objector, story.now)).toBe(true)
    expect(mayRate(story.proposal, worker, story.now)).toBe(false)
    expect(mayRate(new Story().approved().proposal, objector, MORNING)).toBe(false)
    story.now = story.proposal.rating?.until ?? ''
    expect(mayRate(story.proposal, objector, story.now)).toBe(false)
    expect(story.tick()).toBe(true)
    story.now = plusMs(story.now, -DAY_MS)
    expect(mayRate(story.proposal, objector, story.now)).toBe(false)
    expect(may(story, supervisor)).not.toContain('review')
    expect(story.try(supervisor, { act: 'review', text: '还没有评价' })).toEqual(code('NOT_NOW'))
    story.pass(1)
    story.tick([], [5, 0, 0, 0, 0])
    expect(may(story, supervisor)).toContain('review')
    story.does(supervisor, { act: 'review', text: '返工' })
    expect(may(story, supervisor)).not.toContain('review')
    expect(story.try(supervisor, { act: 'review', text: '改口' })).toEqual(code('NOT_NOW'))
  })
})

describe('buttons of owners, authors and payers', () => {
  it('of the owners’ vote', () => {
    const story = new Story().does(worker, { act: 'triage', ownersItem: 8 })
    const plain = new Story().decided()
    for (const step of plain.proposal.steps.slice(2)) story.add(step)
    story.now = plain.now
    expect(may(story, worker)).toEqual(['record-owners', 'declare'])
    expect(may(plain, worker)).toEqual(['ask-owners', 'declare'])
    expect(story.try(supervisor, entered('confirm-owners', owners))).toEqual(code('NOT_NOW'))
    story.does(worker, entered('record-owners', owners))
    expect(may(story, worker)).toEqual(['record-owners', 'declare'])
    expect(may(story, supervisor)).toEqual(['confirm-owners', 'suspend', 'declare'])
    story.does(supervisor, entered('confirm-owners', owners))
    expect(may(story, worker)).toEqual(['declare'])
  })

  it('of an author whose proposal came back', () => {
    const story = new Story().does(worker, { act: 'return', note: '写清楚' })
    expect(may(story, author)).toContain('submit')
    expect(may(story, objector)).not.toContain('submit')
    expect(may(new Story(), author)).not.toContain('submit')
  })

  it('of a payer', () => {
    const story = new Story().approved()
    expect(may(story, payer)).toContain('pay')
    expect(may(story, worker)).not.toContain('pay')
    expect(may(story, { ...chair, actors: ['charity'] } as never)).not.toContain('pay')
    expect(may(new Story().finished(), payer)).not.toContain('pay')
    story.does(supervisor, { act: 'suspend', note: '有人举报' })
    expect(may(story, payer)).not.toContain('pay')
  })

  it('of whoever is interested already', () => {
    const story = new Story().does(worker, { act: 'declare', interest: 'relative' })
    expect(may(story, worker)).not.toContain('declare')
    expect(story.try(worker, { act: 'declare', interest: 'bidder' }).kind).toBe('same')
    const voting = new Story().voting().does(supervisor, { act: 'declare', interest: 'other', memberId: 'm-second' })
    expect(voting.try(supervisor, { act: 'declare', interest: 'bidder', memberId: 'm-second' }).kind).toBe('same')
    expect(may(voting, supervisor)).toContain('declare')
    voting.does(supervisor, { act: 'declare', interest: 'other', memberId: supervisor.memberId })
    expect(voting.proposal.interested.has(supervisor.memberId)).toBe(true)
  })
})

describe('steps that only a bug can bring', () => {
  it('are broken loudly', () => {
    const step = { at: MORNING, actor: 'system' as const }
    expect(() => after(new Story().proposal, { ...step, facts: { act: 'close' } })).toThrow()
    expect(() => after(new Story().voting().proposal, { ...step, facts: { act: 'rated', counts: [] } })).toThrow()
    expect(() => after(new Story().decided().proposal, { ...step, facts: { act: 'shut' } })).toThrow()
    expect(yes(2)).toHaveLength(2)
    expect(committee).toHaveLength(5)
  })
})
