import { describe, expect, it } from 'vitest'
import { DAY_MS, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import type { KeptAct } from '#shared/contracts/governance.ts'
import {
  acceptor,
  author,
  chair,
  committee,
  entered,
  executor,
  households,
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

const code = (expected: string) => expect.objectContaining({ kind: 'refused', code: expected })
const id = (n: number) => `11111111-1111-4111-8111-11111111111${n}`

describe('a proposal that goes well', () => {
  it('goes from the first word to the rating', () => {
    const story = new Story().approved()
    const paid = story.pays(payer, 110_000)
    expect(paid).toMatchObject({ kind: 'pay', paidFen: 110_000, releasedFen: 10_000 })
    expect(story.proposal.state).toBe('disbursed')
    story.pass(15)
    expect(story.tick()).toBe(true)
    expect(story.tick([], [0, 0, 1, 3, 8])).toBe(true)
    expect(story.tick()).toBe(false)
    story.pass(15)
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('closed')
    expect(story.proposal.rating?.counts).toEqual([0, 0, 1, 3, 8])
    expect(nextOfSystem(story.proposal)).toBeUndefined()
  })

  it('shows at each step who may do what', () => {
    const may = (story: Story, who = worker) => possibleActs(story.proposal, who, story.now)
    expect(may(new Story())).toEqual(['return', 'triage', 'declare'])
    expect(may(new Story(), author)).toEqual(['withdraw', 'declare'])
    expect(may(new Story().triaged())).toEqual(['return', 'ask-owners', 'deliberate', 'declare'])
    expect(may(new Story().deliberated())).toEqual(['return', 'ask-owners', 'cost', 'declare'])
    expect(may(new Story().noticed(), objector)).toEqual(['object', 'declare'])
    expect(may(new Story().voting(), chair)).toEqual(['declare', 'vote'])
    expect(may(new Story().voting(300_000), objector)).toEqual(['declare', 'vote'])
    expect(may(new Story().voting(), objector)).toEqual(['declare'])
    expect(may(new Story().voting(), supervisor)).toEqual(['ask-owners', 'opine', 'suspend', 'declare'])
    expect(may(new Story().finished(), acceptor)).toEqual(['accept', 'refuse', 'declare'])
    expect(may(new Story().finished(), author)).toEqual(['declare'])
    expect(may(new Story().approved(), payer)).toEqual(['refuse', 'suspend', 'declare', 'pay'])
    const paid = new Story().approved()
    paid.pays(payer, 110_000)
    expect(may(paid, objector)).toEqual(['declare', 'rate'])
  })
})

describe('looking at it', () => {
  it('is the branch’s, once', () => {
    expect(new Story().try(objector, { act: 'triage' })).toEqual({ kind: 'forbidden' })
    const story = new Story().triaged()
    expect(story.try(worker, { act: 'triage' })).toEqual({ kind: 'same' })
    expect(story.try(person('other', 'worker'), { act: 'triage' })).toEqual(code('NOT_NOW'))
  })

  it('gives it back with a reason; written anew it begins anew', () => {
    const story = new Story().deliberated().does(worker, { act: 'return', note: '先问清楚产权' })
    expect(story.proposal.state).toBe('returned')
    const step = story.proposal.steps[0]
    if (step === undefined) throw new Error('no step')
    story.add({ ...step, at: story.now })
    expect(story.proposal).toMatchObject({ state: 'submitted', triaged: false })
    expect(story.proposal.meeting).toBeUndefined()
    // The same reason once more, after the second wording, is another act.
    story.triaged().does(worker, { act: 'return', note: '先问清楚产权' })
  })

  it('lapses when its author does not come back', () => {
    const story = new Story().does(worker, { act: 'return', note: '写得不清楚' }).pass(89)
    expect(story.tick()).toBe(false)
    story.pass(1)
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('lapsed')
  })

  it('can be withdrawn by its author alone, until it is voted on', () => {
    expect(new Story().try(objector, { act: 'withdraw' })).toEqual({ kind: 'forbidden' })
    expect(new Story().noticed().does(author, { act: 'withdraw' }).proposal.state).toBe('withdrawn')
    expect(new Story().voting().try(author, { act: 'withdraw' })).toEqual(code('NOT_NOW'))
  })

  it('asks somebody verified', () => {
    const claimant = { ...person('claimant'), claimsOnly: true }
    const object: KeptAct = { act: 'object', objectionId: id(1), text: '不同意' }
    expect(new Story().noticed().try(claimant, object)).toEqual(code('NOT_VERIFIED'))
    expect(new Story().noticed().try(person('stranger'), object)).toEqual({ kind: 'forbidden' })
  })
})

describe('the meeting', () => {
  const meeting = (change: object): KeptAct =>
    ({
      act: 'deliberate',
      heldOn: '2026-11-02',
      expected: 9,
      attended: 5,
      minutes: '大家都同意这样办，没有别的意见。',
      ...change,
    }) as KeptAct
  it.each([
    [{ heldOn: '2026-11-03' }, 'DAY_WRONG'],
    [{ attended: 10 }, 'FIGURES_WRONG'],
    [{ expected: 10, attended: 5 }, 'FIGURES_WRONG'],
  ])('cannot be like %j', (change, why) => {
    expect(new Story().triaged().try(worker, meeting(change))).toEqual(code(why))
  })
  it('counts with more than half of those who were due', () => {
    expect(new Story().triaged().try(worker, meeting({})).kind).toBe('step')
  })
})

describe('the price', () => {
  const cost = (quotes: ReturnType<typeof quote>[], chosen = 0, why?: string): KeptAct => ({
    ...{ act: 'cost', quotes, chosen, termDays: 30 },
    ...(why === undefined ? {} : { why }),
  })
  it('takes three quotes from 5,000 yuan on', () => {
    const two = [quote('甲方', 500_000), quote('乙方', 510_000)]
    expect(new Story().deliberated().try(valuator, cost(two))).toEqual(code('QUOTES_MISSING'))
    expect(new Story().deliberated().try(valuator, cost([quote('甲方', 499_999)])).kind).toBe('step')
    expect(new Story().deliberated().try(valuator, cost([...two, quote('丙方', 520_000)])).kind).toBe('step')
  })
  it('is the cheapest, or says why not', () => {
    const quotes = [quote('甲方', 3_000), quote('乙方', 2_000)]
    expect(new Story().deliberated().try(valuator, cost(quotes))).toEqual(code('WHY_MISSING'))
    expect(new Story().deliberated().try(valuator, cost(quotes, 0, '乙方没有资质')).kind).toBe('step')
    expect(new Story().deliberated().try(valuator, cost(quotes, 2))).toEqual(code('FIGURES_WRONG'))
  })
  it('is not quoted twice by one firm', () => {
    expect(new Story().deliberated().try(valuator, cost([quote('甲方', 1), quote('甲方', 2)]))).toEqual(
      code('FIGURES_WRONG'),
    )
  })
})

describe('the notice', () => {
  it('lasts seven days, to the moment', () => {
    const story = new Story().noticed()
    expect(story.proposal.noticeUntil).toBe(plusMs(MORNING, 7 * DAY_MS))
    story.now = plusMs(story.proposal.noticeUntil ?? '', -1)
    expect(story.tick()).toBe(false)
    expect(story.try(objector, { act: 'object', objectionId: id(1), text: '最后一刻' }).kind).toBe('step')
    const quiet = new Story().noticed().pass(7)
    expect(quiet.try(objector, { act: 'object', objectionId: id(1), text: '晚了一刻' })).toEqual(code('NOT_NOW'))
    expect(quiet.tick()).toBe(true)
    expect(quiet.proposal.state).toBe('voting')
  })

  it('is held up by an objection until it is answered, and three days more', () => {
    const story = new Story()
      .noticed()
      .does(objector, { act: 'object', objectionId: id(1), text: '扶手应该装在左边' })
      .pass(8)
    // That the answer is overdue opens no vote.
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('noticed')
    expect(story.tick()).toBe(false)
    story.does(worker, { act: 'answer', objectionId: id(1), text: '左边是消防通道', upheld: false })
    expect(story.tick()).toBe(false)
    expect(story.pass(3).tick()).toBe(true)
  })

  it('is held up by one who insists until the supervisor has ruled', () => {
    const story = new Story().noticed().does(objector, { act: 'object', objectionId: id(1), text: '扶手应该装在左边' })
    expect(story.try(objector, { act: 'insist', objectionId: id(1), text: '还没答复' })).toEqual(code('NOT_NOW'))
    story.does(worker, { act: 'answer', objectionId: id(1), text: '左边是消防通道', upheld: false })
    expect(story.try(acceptor, { act: 'insist', objectionId: id(1), text: '我也不同意' })).toEqual({
      kind: 'forbidden',
    })
    story.does(objector, { act: 'insist', objectionId: id(1), text: '右边也窄' }).pass(30)
    expect(story.tick()).toBe(false)
    story.does(supervisor, { act: 'rule', objectionId: id(1), text: '现场看过，右边够宽', upheld: false })
    expect(story.tick()).toBe(true)
  })

  it('does not wait for who insists too late', () => {
    const story = new Story().noticed().does(objector, { act: 'object', objectionId: id(1), text: '扶手应该装在左边' })
    story.does(worker, { act: 'answer', objectionId: id(1), text: '左边是消防通道', upheld: false }).pass(3)
    expect(story.try(objector, { act: 'insist', objectionId: id(1), text: '晚了' })).toEqual(code('NOT_NOW'))
  })

  it.each(['answer', 'rule'] as const)('goes back to the author when an objection is right by %s', (by) => {
    const story = new Story().noticed().does(objector, { act: 'object', objectionId: id(1), text: '产权不是小区的' })
    if (by === 'answer') story.does(worker, { act: 'answer', objectionId: id(1), text: '确实', upheld: true })
    else {
      story.does(worker, { act: 'answer', objectionId: id(1), text: '是小区的', upheld: false })
      story.does(objector, { act: 'insist', objectionId: id(1), text: '请查档案' })
      story.does(supervisor, { act: 'rule', objectionId: id(1), text: '查过，不是', upheld: true })
    }
    expect(story.proposal).toMatchObject({ state: 'returned' })
    expect(story.proposal.dueAt).toBe(plusMs(story.now, 90 * DAY_MS))
  })

  it('takes one open objection of a person, and no second of the same id', () => {
    const story = new Story().noticed().does(objector, { act: 'object', objectionId: id(1), text: '第一条意见' })
    expect(story.try(objector, { act: 'object', objectionId: id(2), text: '第二条意见' })).toEqual(code('TOO_MANY'))
    expect(story.try(acceptor, { act: 'object', objectionId: id(1), text: '别人的编号' })).toEqual(code('NOT_NOW'))
    expect(story.try(worker, { act: 'answer', objectionId: id(3), text: '没有这条', upheld: false })).toEqual(
      code('UNKNOWN_OBJECTION'),
    )
  })
})

describe('the vote', () => {
  it.each([
    [4, false],
    [5, true],
  ])('opens with %i members: %s', (count, opens) => {
    const story = new Story().noticed().pass(7)
    expect(story.tick([], undefined, committee.slice(0, count))).toBe(opens)
  })

  it('is shut at its end and counted when the supervisor has said something', () => {
    const story = new Story().voting().pass(7)
    expect(story.tick()).toBe(true)
    expect(story.proposal.vote?.shut).toBe(true)
    expect(story.tick(yes(5))).toBe(false)
    story.does(supervisor, { act: 'opine', text: '程序合规。' })
    expect(story.try(supervisor, { act: 'opine', text: '再说一遍' })).toEqual(code('NOT_NOW'))
    expect(story.tick(yes(5))).toBe(true)
    expect(story.proposal.state).toBe('decided')
  })

  it('is not counted before it is over', () => {
    const story = new Story().voting().does(supervisor, { act: 'opine', text: '程序合规。' })
    story.pass(6.999)
    expect(story.tick(yes(5))).toBe(false)
  })

  it('needs both electorates from 2,000 yuan on', () => {
    const both = (yesCount: number, ballots = households(12, 8)) =>
      new Story().decided(200_000, [...yes(yesCount), ...ballots])
    expect(both(3).proposal.state).toBe('decided')
    expect(both(2).proposal.state).toBe('rejected')
    expect(both(3, households(8, 12)).proposal.state).toBe('rejected')
    expect(both(3, households(17, 0)).proposal.state).toBe('rejected')
  })
})

describe('the owners', () => {
  const owners = {
    item: 8,
    totalHeads: 300,
    totalAreaCm: 3_000_000,
    heads: 200,
    areaCm: 2_000_000,
    forHeads: 150,
    forAreaCm: 1_500_000,
  }
  const touched = (): Story => {
    const story = new Story().does(worker, { act: 'triage', ownersItem: 8 })
    const plain = new Story()
    plain.decided()
    for (const step of plain.proposal.steps.slice(2)) story.add(step)
    story.now = plain.now
    return story
  }

  it('decide too where common parts are touched: nothing is reserved before', () => {
    const story = touched()
    expect(story.proposal.state).toBe('decided')
    expect(story.tick()).toBe(false)
    story.does(worker, entered('record-owners', owners))
    expect(story.tick()).toBe(false)
    expect(story.try(worker, entered('confirm-owners', owners))).toEqual(code('FOUR_EYES'))
    const other = person('other', 'worker')
    expect(story.try(other, entered('confirm-owners', { ...owners, forHeads: 151 }))).toEqual(code('LISTS_DIFFER'))
    story.does(other, entered('confirm-owners', owners))
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('reserved')
  })

  it('may say no', () => {
    const story = touched()
    const no = { ...owners, forHeads: 149 }
    story.does(worker, entered('record-owners', no)).does(supervisor, entered('confirm-owners', no))
    expect(story.proposal.state).toBe('rejected')
  })

  it('are asked by the number that was set, and only where common parts are touched', () => {
    expect(touched().try(worker, entered('record-owners', { ...owners, item: 9 }))).toEqual(code('FIGURES_WRONG'))
    expect(new Story().decided().try(worker, entered('record-owners', owners))).toEqual(code('NOT_NOW'))
  })

  it('may be recorded anew before they are confirmed, not after', () => {
    const story = touched().does(worker, entered('record-owners', { ...owners, forHeads: 1 }))
    story.does(worker, entered('record-owners', owners)).does(supervisor, entered('confirm-owners', owners))
    expect(story.try(person('other', 'worker'), entered('record-owners', owners))).toEqual(code('NOT_NOW'))
  })

  it('lapse with the proposal', () => {
    const story = touched().pass(90)
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('lapsed')
  })
})

describe('the work', () => {
  const finish = (...receipts: ReturnType<typeof receipt>[]): KeptAct => ({
    act: 'finish',
    text: '做完了，请来看',
    receipts,
  })
  const started = () => {
    const story = new Story().decided()
    story.tick()
    return story.does(executor, { act: 'start' })
  }

  it('costs no more than was decided', () => {
    const today = '2026-11-16'
    expect(started().try(executor, finish(receipt('A0001', 60_000, today), receipt('A0002', 60_001, today)))).toEqual(
      code('OVER_APPROVED'),
    )
    expect(started().try(executor, finish(receipt('A0001', 60_000, today), receipt('A0002', 60_000, today))).kind).toBe(
      'step',
    )
  })

  it('has each receipt once, and none of tomorrow', () => {
    expect(
      started().try(executor, finish(receipt('A0001', 1, '2026-11-16'), receipt('A0001', 2, '2026-11-16'))),
    ).toEqual(code('RECEIPT_USED'))
    expect(started().try(executor, finish(receipt('A0001', 1, '2026-12-31')))).toEqual(code('DAY_WRONG'))
  })

  it('is accepted by a supervisor and a resident, in any order', () => {
    const story = new Story().finished().does(acceptor, { act: 'accept' })
    expect(story.proposal.state).toBe('finished')
    expect(story.try(objector, { act: 'accept' })).toEqual(code('NOT_NOW'))
    expect(story.does(supervisor, { act: 'accept' }).proposal.state).toBe('accepted')
  })

  it('goes back to be mended, and both look again', () => {
    const story = new Story()
      .finished()
      .does(supervisor, { act: 'accept' })
      .does(acceptor, { act: 'refuse', note: '有一段松了' })
    expect(story.proposal).toMatchObject({ state: 'executing', acceptedBy: [] })
    expect(story.proposal.work).toBeUndefined()
    story.does(executor, finish(receipt('A0009', 110_000, shanghaiDay(story.now))))
    expect(story.does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' }).proposal.state).toBe('accepted')
  })

  it('is approved by typing its sum', () => {
    const story = new Story().finished().does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    expect(story.try(chair, { act: 'approve', amountFen: 120_000 as never })).toEqual(code('AMOUNT_DIFFERS'))
    expect(story.try(chair, { act: 'approve', amountFen: 110_000 as never }).kind).toBe('step')
  })
})

describe('the payment', () => {
  it('is what was approved, once', () => {
    const story = new Story().approved()
    expect(story.pays(worker, 110_000)).toEqual({ kind: 'forbidden' })
    expect(story.pays(payer, 110_001)).toEqual(code('TYPED_AMOUNT_DIFFERS'))
    expect(story.pays(payer, 110_000).kind).toBe('pay')
    expect(story.pays(payer, 110_000).kind).toBe('same')
    expect(story.pays(payer, 110_000, 'ICBC-0002')).toEqual(code('NOT_NOW'))
    expect(story.pays(person('other', 'charity'), 110_000)).toEqual(code('NOT_NOW'))
  })

  it('is not made before it is approved, nor while it is suspended, nor by who is interested', () => {
    expect(new Story().finished().pays(payer, 110_000)).toEqual(code('NOT_NOW'))
    expect(new Story().approved().does(supervisor, { act: 'suspend', note: '有人举报' }).pays(payer, 110_000)).toEqual(
      code('NOT_NOW'),
    )
    expect(new Story().approved().does(payer, { act: 'declare', interest: 'relative' }).pays(payer, 110_000)).toEqual(
      code('INTERESTED'),
    )
  })
})

describe('stopping', () => {
  it('keeps everything where it is until it is taken up again', () => {
    const story = new Story().noticed().does(supervisor, { act: 'suspend', note: '有人举报' }).pass(100)
    expect(story.tick()).toBe(false)
    expect(story.try(objector, { act: 'object', objectionId: id(1), text: '不同意' })).toEqual(code('NOT_NOW'))
    expect(story.try(supervisor, { act: 'suspend', note: '又有人举报' })).toEqual(code('NOT_NOW'))
    story.does(supervisor, { act: 'resume', note: '查清了' })
    // The days that stood still are given back: everybody still has the whole notice.
    expect(story.tick()).toBe(false)
    expect(story.try(objector, { act: 'object', objectionId: id(1), text: '还来得及' }).kind).toBe('step')
    story.does(supervisor, { act: 'suspend', note: '有人举报' })
    expect(story.proposal.suspended).toBe(true)
  })

  it('sets free what was reserved', () => {
    const story = new Story().finished()
    // Nobody breaks finished work off alone.
    expect(story.try(chair, { act: 'abandon', note: '施工队走了' })).toEqual(code('NOT_NOW'))
    story.does(supervisor, { act: 'refuse', note: '没有做完' })
    // One suspends it, another one ends it.
    expect(story.try(chair, { act: 'abandon', note: '施工队走了' })).toEqual(code('NOT_NOW'))
    const both = { ...payer, actors: ['charity', 'committee'] } as never
    story.does(both, { act: 'suspend', note: '施工队走了' })
    expect(story.try(both, { act: 'abandon', note: '施工队走了' })).toEqual(code('FOUR_EYES'))
    expect(possibleActs(story.proposal, both, story.now)).not.toContain('abandon')
    expect(possibleActs(story.proposal, chair, story.now)).toContain('abandon')
    story.does(chair, { act: 'abandon', note: '施工队走了' })
    expect(story.proposal.suspended).toBe(false)
    expect(story.proposal.state).toBe('releasing')
    expect(nextOfSystem(story.proposal)).toMatchObject({ act: 'release', by: 'fund' })
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('abandoned')
  })

  it('waits for the owners too when somebody sees only later that common parts are touched', () => {
    const asks = { act: 'ask-owners', ownersItem: 8, note: '要占用公共通道' } as const
    const stories = [
      new Story().triaged(),
      new Story().deliberated(),
      new Story().noticed(),
      new Story().voting(),
      new Story().decided(),
    ]
    for (const story of stories) {
      const { state } = story.proposal
      for (const who of [chair, payer, acceptor]) expect(story.try(who, asks), state).toEqual({ kind: 'forbidden' })
      story.does(supervisor, asks)
      expect(story.proposal).toMatchObject({ state, ownersItem: 8 })
      // It is said once, and nobody takes it back, or makes it another one.
      expect(story.try(supervisor, asks).kind).toBe('same')
      expect(story.try(worker, { ...asks, ownersItem: 5 })).toEqual(code('NOT_NOW'))
      expect(possibleActs(story.proposal, worker, story.now)).not.toContain('ask-owners')
    }
    const decided = stories.at(-1) ?? new Story()
    expect(nextOfSystem(decided.proposal)).toMatchObject({ act: 'lapse' })
    expect(new Story().decided().does(worker, asks).tick()).toBe(false)
    // Whoever takes the proposal up again cannot leave it out.
    const again = new Story().noticed().does(supervisor, asks).does(worker, { act: 'return', note: '重新询价' })
    const [first] = again.proposal.steps
    if (first !== undefined) again.add({ ...first, at: again.now })
    expect(again.does(worker, { act: 'triage' }).proposal).toMatchObject({ state: 'triaged', ownersItem: 8 })
    // The owners have as long for it as they would have had.
    const late = new Story().decided().pass(89).does(worker, asks)
    expect(late.proposal.dueAt).toBe(plusMs(late.now, 90 * DAY_MS))
    // Once the money is set aside it is too late, and before anybody has looked at it too early.
    const reserved = new Story().decided()
    reserved.tick()
    for (const story of [new Story(), reserved]) expect(story.try(supervisor, asks)).toEqual(code('NOT_NOW'))
  })

  it('takes two persons as well where it is decided and no money is kept yet: nobody alone undoes what was voted', () => {
    const story = new Story().decided()
    for (const alone of [chair, payer])
      expect(story.try(alone, { act: 'abandon', note: '不办了' })).toEqual(code('NOT_NOW'))
    expect(possibleActs(story.proposal, chair, story.now)).not.toContain('abandon')
    const ofOneHome = new Story().decided()
    ofOneHome.does({ ...supervisor, householdId: 'h-7' }, { act: 'suspend', note: '有人举报' })
    expect(ofOneHome.try({ ...chair, householdId: 'h-7' }, { act: 'abandon', note: '不办了' })).toEqual(
      code('FOUR_EYES'),
    )
    story.does(supervisor, { act: 'suspend', note: '有人举报' }).does(chair, { act: 'abandon', note: '不办了' })
    expect(story.proposal).toMatchObject({ state: 'abandoned', suspended: false })
  })
})

describe('the rating', () => {
  const paid = () => {
    const story = new Story().approved()
    story.pays(payer, 110_000)
    return story.pass(15)
  }

  it('below three from at least five makes the supervisor look, before it is closed', () => {
    const story = paid()
    story.tick()
    story.tick([], [3, 2, 0, 0, 0])
    story.pass(30)
    expect(story.tick()).toBe(false)
    story.does(supervisor, { act: 'review', text: '已责成返工' })
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('closed')
  })

  it.each([
    [[4, 0, 0, 0, 0], true],
    [[0, 0, 5, 0, 0], true],
    [[0, 1, 4, 0, 0], false],
  ])('of %j closes by itself: %s', (counts, closes) => {
    const story = paid()
    story.tick()
    story.tick([], counts)
    story.pass(30)
    expect(story.tick()).toBe(closes)
  })

  it('is asked of those who live there', () => {
    const story = new Story().approved()
    story.pays(payer, 110_000)
    expect(possibleActs(story.proposal, neighbour('n', 'h-5'), story.now)).toContain('rate')
    expect(possibleActs(story.proposal, worker, story.now)).not.toContain('rate')
    // Nor of who did the work, or lives with them.
    const did = { ...neighbour('did', 'h-6'), personId: executor.personId }
    expect(possibleActs(story.proposal, did, story.now)).not.toContain('rate')
    expect(possibleActs(story.pass(15).proposal, neighbour('n', 'h-5'), story.now)).not.toContain('rate')
  })
})
