import { describe, expect, it } from 'vitest'
import { actSchema, type KeptAct } from '#shared/contracts/governance.ts'
import { stopStep } from '#shared/domain/governance/decide-check.ts'
import type { Person } from '#shared/domain/governance/decide-act.ts'
import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { milestoneOf, paidFen, paymentEventId, unpaidFen } from '#shared/domain/governance/milestones.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { after, foldSteps } from '#shared/domain/governance/proposal.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import {
  acceptor,
  author,
  chair,
  executor,
  neighbour,
  payer,
  person,
  quote,
  receipt,
  second,
  Story,
  supervisor,
  valuator,
} from './governance-story.ts'

/** Goal: each milestone is done, accepted, approved and paid by itself, in its turn, and never beyond what was decided of it. */
const refusedWith = (code: string, fields?: object) =>
  expect.objectContaining({ kind: 'refused', code, ...(fields === undefined ? {} : { fields }) })
type Cost = Extract<KeptAct, { act: 'cost' }>
const fen = (amount: number) => amount as never
const CHECK = 'aaaaaaaa-0000-4000-8000-000000000000'

describe('the plan of a costing', () => {
  const cost = (...sums: number[]) =>
    new Story().deliberated().try(valuator, {
      ...{ act: 'cost', quotes: [quote('鑫源五金', 100_000)], chosen: 0, termDays: 20 },
      milestones: sums.map((each, at) => ({ what: `第 ${at + 1} 期`, shows: '看得到', amountFen: fen(each) })),
    }).kind

  it.each([
    [[50_000, 50_000], 'step'],
    [[30_000, 30_000, 40_000], 'step'],
    [[10_000, 20_000, 30_000, 40_000], 'step'],
    // A fifth is kept to the end, to the fen.
    [[80_000, 20_000], 'step'],
    [[80_001, 19_999], 'refused'],
    [[99_999, 1], 'refused'],
    // All of the quote, and no more.
    [[50_000, 49_999], 'refused'],
    [[50_000, 50_001], 'refused'],
  ])('%j is a %s', (sums, kind) => {
    expect(cost(...sums)).toBe(kind)
  })

  it.each([
    [[], false],
    [[100_000], false],
    [[50_000, 50_000], true],
    [[20_000, 20_000, 20_000, 40_000], true],
    [[20_000, 20_000, 20_000, 20_000, 20_000], false],
    [[100_000, 0], false],
  ])('has two to four of them, each of something: %j %s', (sums, isPlan) => {
    const milestones = sums.map((amountFen) => ({ what: '安装', shows: '看得到', amountFen }))
    const act = { act: 'cost', quotes: [{ from: '鑫源五金', amountFen: 100_000 }], chosen: 0, termDays: 20, milestones }
    expect(actSchema.safeParse(act).success).toBe(isPlan)
  })

  it('says which field is wrong, in words of its own', () => {
    const story = new Story().deliberated()
    const act: Cost = { act: 'cost', quotes: [quote('鑫源五金', 100_000)], chosen: 0, termDays: 20 }
    const plan = (...sums: number[]) => sums.map((each) => ({ what: '安装', shows: '看得到', amountFen: fen(each) }))
    expect(story.try(valuator, { ...act, milestones: plan(50_000, 60_000) })).toEqual(
      refusedWith('FIGURES_WRONG', { milestones: '各期合计要等于选定的报价' }),
    )
    expect(story.try(valuator, { ...act, milestones: plan(90_000, 10_000) })).toEqual(
      refusedWith('FIGURES_WRONG', { milestones: '最后一期（尾款）至少留两成' }),
    )
  })

  it('is none of an emergency’s', () => {
    const story = Story.emergency().urgent()
    const act: Cost = { act: 'cost', quotes: [quote('鑫源五金', 120_000)], chosen: 0, termDays: 3 }
    expect(story.try(valuator, act)).toEqual(refusedWith('NOT_NOW'))
    expect(milestoneOf(story.proposal)).toBeUndefined()
  })
})

/** How far a project of two milestones, 60,000 and 60,000 fen, is. */
const stations: Readonly<Record<string, (story: Story) => Story>> = {
  reserved: (story) => {
    story.decided(120_000, undefined, [60_000, 60_000]).tick()
    return story
  },
  'executing 1': (story) => story.planned(60_000, 60_000),
  'finished 1': (story) => story.planned(60_000, 60_000).reaches(50_000),
  'accepted 1': (story) =>
    story
      .planned(60_000, 60_000)
      .reaches(50_000)
      .does(supervisor, { act: 'accept', milestone: 1 })
      .does(acceptor, { act: 'accept', milestone: 1 }),
  'approved 1': (story) => story.planned(60_000, 60_000).passes(50_000),
  'executing 2': (story) => paidOnce(story),
  'finished 2': (story) => paidOnce(story).reaches(50_000),
  'accepted 2': (story) =>
    paidOnce(story)
      .reaches(50_000)
      .does(supervisor, { act: 'accept', milestone: 2 })
      .does(acceptor, { act: 'accept', milestone: 2 }),
  'approved 2': (story) => paidOnce(story).passes(50_000),
  'all paid': (story) => {
    paidOnce(story).passes(50_000).pays(payer, 50_000, 'ICBC-0002')
    return story
  },
}

function paidOnce(story: Story): Story {
  story.planned(60_000, 60_000).passes(50_000)
  expect(story.pays(payer, 50_000, 'ICBC-0001').kind).toBe('pay')
  return story
}

/**
 * Written out by hand, each act by who may do it at all: Y taken; n not now; m another milestone is meant.
 */
const columns = ['finish 1', 'finish 2', 'accept 1', 'accept 2', 'approve 1', 'approve 2', 'pay 1', 'pay 2', 'pay -']
const matrix: Readonly<Record<string, string>> = {
  //              finish  accept  approve  pay
  //              1   2   1   2   1   2    1   2   none
  reserved: '     n   n   n   n   n   n    n   m   m',
  'executing 1': 'Y   m   n   n   n   n    n   m   m',
  'finished 1': ' n   n   Y   m   n   n    n   m   m',
  'accepted 1': ' n   n   n   n   Y   m    n   m   m',
  'approved 1': ' n   n   n   n   n   n    Y   m   m',
  'executing 2': 'm   Y   n   n   n   n    m   n   m',
  'finished 2': ' n   n   m   Y   n   n    m   n   m',
  'accepted 2': ' n   n   n   n   m   Y    m   n   m',
  'approved 2': ' n   n   n   n   n   n    m   Y   m',
  'all paid': '   n   n   n   n   n   n    n   n   n',
}

describe('what may be done of which milestone', () => {
  // Others than those who did it before: nobody's act is taken for a retry.
  const other = { executor: person('executor-2', 'worker'), chair: person('fourth', 'committee') }
  const living = neighbour('acceptor-2', 'h-31')
  const tried = (story: Story, column: string): string => {
    const [act = '', which] = column.split(' ')
    const milestone = which === '-' ? undefined : Number(which)
    const meant = milestone === undefined ? {} : { milestone }
    const decided = (() => {
      switch (act) {
        case 'finish':
          return story.try(other.executor, {
            ...{ act: 'finish', text: '做完了。', ...meant },
            receipts: [receipt('X-0001', 50_000, shanghaiDay(story.now))],
          })
        case 'accept':
          return story.try(living, { act: 'accept', ...meant })
        case 'approve':
          return story.try(other.chair, { act: 'approve', ...meant, amountFen: fen(50_000) })
        default:
          return story.paysFor(milestone, person('payer-2', 'charity'), 50_000, 'ICBC-0009')
      }
    })()
    if (decided.kind === 'step' || decided.kind === 'pay') return 'Y'
    if (decided.kind !== 'refused') return decided.kind
    return decided.code === 'MILESTONE_DIFFERS' ? 'm' : decided.code === 'NOT_NOW' ? 'n' : decided.code
  }
  it.each(Object.entries(matrix))('%s', (station, row) => {
    const told = columns.map((column) => tried(stations[station]?.(new Story()) ?? new Story(), column))
    expect(told.join(' ')).toBe(row.trim().split(/\s+/).join(' '))
  })

  const who: Readonly<Record<string, Person>> = {
    ...{ author, valuator, executor, supervisor, acceptor, chair, payer },
    ...{ neighbour: neighbour('somebody', 'h-40'), second },
  }
  /** The buttons about work and money that each person has, by hand: f finish, a accept, p approve, € pay. */
  const buttons: Readonly<Record<string, readonly string[]>> = {
    'executing 1': ['executor f', 'chair f', 'second f'],
    'finished 1': ['supervisor a', 'acceptor a', 'neighbour a'],
    'approved 1': ['payer €'],
    // Who accepted, approved or paid the first one does not do the work of the second.
    'executing 2': ['executor f', 'second f'],
    'finished 2': ['supervisor a', 'acceptor a', 'neighbour a'],
    'accepted 2': ['chair p', 'second p'],
    'approved 2': ['payer €'],
    'all paid': [],
  }
  const marks = { finish: 'f', accept: 'a', approve: 'p', pay: '€' } as const
  it.each(Object.entries(buttons))('is shown to whom it concerns: %s', (station, expected) => {
    const story = stations[station]?.(new Story()) ?? new Story()
    const told = Object.entries(who).flatMap(([name, each]) => {
      const may = possibleActs(story.proposal, each, story.now).flatMap((act) =>
        act in marks ? [marks[act as keyof typeof marks]] : [],
      )
      return may.length === 0 ? [] : [`${name} ${may.join('')}`]
    })
    expect(told).toEqual(expected)
  })
})

describe('the sums', () => {
  it('of a milestone are its own: never above it, and what one saves is not the next one’s', () => {
    const story = new Story().planned(60_000, 60_000)
    const finish = (milestone: number, amountFen: number, number: string): KeptAct => ({
      ...{ act: 'finish', milestone, text: '做完了。' },
      receipts: [receipt(number, amountFen, shanghaiDay(story.now))],
    })
    expect(story.try(executor, finish(1, 60_001, 'N-1001'))).toEqual(refusedWith('OVER_APPROVED'))
    story.passes(50_000)
    story.pays(payer, 50_000)
    expect([paidFen(story.proposal), unpaidFen(story.proposal)]).toEqual([50_000, 70_000])
    expect(story.try(executor, finish(2, 60_001, 'N-1002'))).toEqual(refusedWith('OVER_APPROVED'))
    story.passes(60_000)
    expect(story.pays(payer, 60_000, 'ICBC-0002')).toMatchObject({ paidFen: 60_000, releasedFen: 10_000 })
    expect(story.proposal).toMatchObject({ state: 'disbursed', costFen: 120_000 })
    expect(story.proposal.paidMilestones.map(({ payment }) => payment.releasedFen)).toEqual([0])
  })

  it('are typed anew for each, and are that of its receipts', () => {
    const story = paidOnce(new Story()).reaches(55_000)
    story.does(supervisor, { act: 'accept', milestone: 2 }).does(acceptor, { act: 'accept', milestone: 2 })
    expect(story.try(chair, { act: 'approve', milestone: 2, amountFen: fen(50_000) })).toEqual(
      refusedWith('AMOUNT_DIFFERS'),
    )
    story.does(chair, { act: 'approve', milestone: 2, amountFen: fen(55_000) })
    expect(story.pays(payer, 50_000, 'ICBC-0002')).toEqual(refusedWith('TYPED_AMOUNT_DIFFERS'))
    expect(story.pays(payer, 105_000, 'ICBC-0002')).toEqual(refusedWith('TYPED_AMOUNT_DIFFERS'))
    expect(story.pays(payer, 55_000, 'ICBC-0002').kind).toBe('pay')
  })

  it('are proved by no receipt that an earlier milestone was paid for, however its number is spelt', () => {
    const story = new Story().planned(60_000, 60_000)
    const today = () => shanghaiDay(story.now)
    story.does(executor, {
      act: 'finish',
      milestone: 1,
      text: '做完了。',
      receipts: [receipt('2537-200a', 50_000, today())],
    })
    story.does(supervisor, { act: 'accept', milestone: 1 }).does(acceptor, { act: 'accept', milestone: 1 })
    story.does(chair, { act: 'approve', milestone: 1, amountFen: fen(50_000) }).pays(payer, 50_000)
    const again: KeptAct = {
      act: 'finish',
      milestone: 2,
      text: '做完了。',
      receipts: [receipt('2537200A', 50_000, today())],
    }
    expect(story.try(executor, again)).toEqual(refusedWith('RECEIPT_USED', { number: '这张票据在前面一期付过款' }))
  })

  it('cannot be told wrongly by what is stored', () => {
    const story = new Story().planned(60_000, 60_000).passes(50_000)
    const pay = (change: object) => ({
      ...{ at: story.now, actor: 'charity' as const, personId: 'p', memberId: 'm', until: story.now },
      facts: {
        ...{ act: 'pay' as const, bankReference: 'X', paidOn: shanghaiDay(story.now), paidFen: 50_000, releasedFen: 0 },
        ...{ seq: 8, milestone: 1, ...change },
      },
    })
    expect(after(story.proposal, pay({})).state).toBe('executing')
    expect(() => after(story.proposal, pay({ milestone: 2 }))).toThrow('milestones are paid in their order')
    expect(() => after(story.proposal, pay({ milestone: undefined }))).toThrow('milestones are paid in their order')
    expect(() => after(story.proposal, pay({ paidFen: 60_001 }))).toThrow('no milestone is paid beyond its amount')
  })
})

describe('people', () => {
  const as = (who: Person, ...actors: Person['actors'][number][]): Person => ({ ...who, actors })
  it('keep the part that they had in an earlier milestone', () => {
    const story = paidOnce(new Story())
    const finish = (): KeptAct => ({
      ...{ act: 'finish', milestone: 2, text: '做完了。' },
      receipts: [receipt('N-2001', 50_000, shanghaiDay(story.now))],
    })
    for (const who of [acceptor, supervisor, chair, payer])
      expect(story.try(as(who, 'worker'), finish()), who.personId).toEqual(refusedWith('FOUR_EYES'))
    story.does(executor, finish())
    for (const who of [chair, payer, executor])
      expect(story.try(as(who, 'resident'), { act: 'accept', milestone: 2 })).toEqual(refusedWith('FOUR_EYES'))
    story.does(supervisor, { act: 'accept', milestone: 2 }).does(acceptor, { act: 'accept', milestone: 2 })
    for (const who of [acceptor, supervisor, payer, executor])
      expect(story.try(as(who, 'committee'), { act: 'approve', milestone: 2, amountFen: fen(50_000) })).toEqual(
        refusedWith('FOUR_EYES'),
      )
    story.does(chair, { act: 'approve', milestone: 2, amountFen: fen(50_000) })
    for (const who of [acceptor, supervisor, chair, executor])
      expect(story.pays(as(who, 'charity'), 50_000, 'ICBC-0002')).toEqual(refusedWith('FOUR_EYES'))
    expect(story.pays(payer, 50_000, 'ICBC-0002').kind).toBe('pay')
  })

  it('who share a household with one of them are as barred', () => {
    const story = paidOnce(new Story()).reaches(50_000)
    story
      .does(supervisor, { act: 'accept', milestone: 2 })
      .does(neighbour('other', 'h-9'), { act: 'accept', milestone: 2 })
    const wife = neighbour('wife', acceptor.householdId ?? '', 'committee')
    expect(story.try(wife, { act: 'approve', milestone: 2, amountFen: fen(50_000) })).toEqual(refusedWith('FOUR_EYES'))
  })

  it('who let the first payment past a check have let past that one', () => {
    const story = new Story().planned(60_000, 60_000).passes(50_000)
    const stops = () => {
      const step = stopStep(story.proposal, [{ verdict: 'silent', checkId: CHECK }], story.now)
      if (step === undefined) throw new Error('that is news')
      story.add(step)
    }
    stops()
    story
      .does(supervisor, { act: 'override-check', stop: story.proposal.stop?.number ?? 0, note: '核验坏了' })
      .does(second, { act: 'override-check', stop: story.proposal.stop?.number ?? 0, note: '核验坏了' })
    expect(story.pays(payer, 50_000)).toMatchObject({ kind: 'pay', overridden: [CHECK] })
    story.passes(50_000)
    expect(story.proposal.stop).toBeUndefined()
    const eyes = refusedWith('FOUR_EYES')
    // They do nothing else with it than that, nor does who had another part in the first one let past the second.
    expect(story.pays(as(second, 'charity'), 50_000, 'ICBC-0002')).toEqual(eyes)
    stops()
    const lets = (who: Person, actor: Person['actors'][number]) =>
      story.try(as(who, actor), { act: 'override-check', stop: story.proposal.stop?.number ?? 0, note: '核验坏了' })
    expect(lets(acceptor, 'committee')).toEqual(eyes)
    expect(lets(payer, 'charity')).toEqual(eyes)
    expect(lets(chair, 'committee')).toEqual(eyes)
    expect(lets(second, 'committee').kind).toBe('step')
    expect(lets(supervisor, 'supervisor').kind).toBe('step')
    expect(story.pays(payer, 50_000, 'ICBC-0002')).toMatchObject({ kind: 'pay', overridden: [CHECK] })
  })

  it('who accepted the first, and not the second, do not let the second past a check either', () => {
    const story = paidOnce(new Story()).reaches(50_000)
    story
      .does(supervisor, { act: 'accept', milestone: 2 })
      .does(neighbour('other', 'h-9'), { act: 'accept', milestone: 2 })
      .does(chair, { act: 'approve', milestone: 2, amountFen: fen(50_000) })
    const stop = stopStep(story.proposal, [{ verdict: 'silent', checkId: CHECK }], story.now)
    if (stop === undefined) throw new Error('that is news')
    story.add(stop)
    const letsPast: KeptAct = { act: 'override-check', stop: story.proposal.stop?.number ?? 0, note: '核验坏了' }
    expect(story.try(as(acceptor, 'committee'), letsPast)).toEqual(refusedWith('FOUR_EYES'))
    expect(story.try(second, letsPast).kind).toBe('step')
  })

  it('who gave an approved milestone back have given back that one alone', () => {
    const stale = paidOnce(new Story()).passes(50_000)
    for (const meant of [{}, { milestone: 1 }])
      expect(stale.try(payer, { act: 'refuse', ...meant, note: '少一张签收单' })).toEqual(
        refusedWith('MILESTONE_DIFFERS'),
      )
    const story = paidOnce(new Story())
      .passes(50_000)
      .does(payer, { act: 'refuse', milestone: 2, note: '少一张签收单' })
    expect(story.proposal).toMatchObject({ state: 'executing', acceptedBy: [] })
    expect([story.milestone, paidFen(story.proposal)]).toEqual([2, 50_000])
  })
})

describe('a payment told once more', () => {
  it('is the same, also when the work has gone on since', () => {
    const story = paidOnce(new Story())
    expect(story.paysFor(1, payer, 50_000, 'ICBC-0001')).toMatchObject({
      kind: 'same',
      payment: { milestone: 1, seq: 8 },
    })
    expect(story.paysFor(1, person('payer-2', 'charity'), 50_000, 'ICBC-0001')).toEqual(
      refusedWith('MILESTONE_DIFFERS'),
    )
    expect(story.paysFor(1, payer, 50_000, 'ICBC-0002')).toEqual(refusedWith('MILESTONE_DIFFERS'))
    expect(story.paysFor(1, payer, 50_001, 'ICBC-0001')).toEqual(refusedWith('MILESTONE_DIFFERS'))
    story.passes(50_000)
    // The second one costs as much: a page that was opened before the first was paid does not pay it.
    expect(story.paysFor(1, payer, 50_000, 'ICBC-0002')).toEqual(refusedWith('MILESTONE_DIFFERS'))
    story.pays(payer, 50_000, 'ICBC-0002')
    expect(story.paysFor(1, payer, 50_000, 'ICBC-0001')).toMatchObject({ kind: 'same', payment: { milestone: 1 } })
    expect(story.paysFor(2, payer, 50_000, 'ICBC-0002')).toMatchObject({ kind: 'same', payment: { milestone: 2 } })
    expect(story.paysFor(2, payer, 50_000, 'ICBC-0003')).toEqual(refusedWith('NOT_NOW'))
  })

  it('has a name of its own in the ledger, and a single one keeps its old name', () => {
    expect(paymentEventId('p', undefined)).toBe('disbursement:p')
    expect([1, 2, 4].map((n) => paymentEventId('p', n))).toEqual([
      ...['disbursement:p-p1', 'disbursement:p-p2', 'disbursement:p-p4'],
    ])
  })
})

describe('a plan that was changed after it was kept', () => {
  it('cannot be read any more', () => {
    const { steps } = new Story().noticed(120_000, [60_000, 60_000]).proposal
    const at = steps.findIndex(({ facts }) => facts.act === 'cost')
    const { facts, ...costed } = steps[at] ?? {}
    if (facts?.act !== 'cost') throw new Error('it was costed')
    const milestones = [60_000, 70_000].map((each) => ({ what: '安装', shows: '看得到', amountFen: fen(each) }))
    const changed = steps.with(at, { ...costed, facts: { ...facts, milestones } } as never)
    expect(() => foldSteps(changed)).toThrow('milestones are together what was chosen')
  })
})

describe('in between', () => {
  it('the rest waits for whoever does it, and the next milestone has as many days as the first', () => {
    const story = paidOnce(new Story())
    expect(nextOfSystem(story.proposal)).toEqual({ act: 'overdue', at: story.proposal.dueAt, by: 'governance' })
    expect(story.proposal.dueAt).toBe(story.pass(20).now)
  })

  it('it is broken off by two: the rest goes back, what was paid stays paid', () => {
    const story = paidOnce(new Story())
    story.does(supervisor, { act: 'suspend', note: '施工队走了' })
    expect(story.try(supervisor, { act: 'abandon', note: '施工队走了' }).kind).not.toBe('step')
    story.does(second, { act: 'abandon', note: '施工队走了' })
    expect(nextOfSystem(story.proposal)).toMatchObject({ act: 'release', by: 'fund' })
    expect(unpaidFen(story.proposal)).toBe(70_000)
    story.tick()
    expect(story.proposal.state).toBe('abandoned')
    expect(story.proposal.paidMilestones).toHaveLength(1)
    expect(story.proposal.rating).toBeUndefined()
  })

  it('nothing is rated, and the results are not shown as all', () => {
    const story = paidOnce(new Story())
    expect([story.proposal.rating, story.proposal.resultsUntil, story.proposal.payment]).toEqual([
      ...[undefined, undefined, undefined],
    ])
    expect(story.proposal.paidMilestones).toMatchObject([{ acceptedBy: ['supervisor', 'resident'] }])
  })

  it('what is suspended is neither accepted nor paid', () => {
    const story = paidOnce(new Story()).passes(50_000).does(supervisor, { act: 'suspend', note: '等一等' })
    expect(story.pays(payer, 50_000, 'ICBC-0002')).toEqual(refusedWith('NOT_NOW'))
  })
})

describe('a project that is paid at once', () => {
  it('is what it was: it has no milestones, and names none', () => {
    const story = new Story().approved()
    expect(milestoneOf(story.proposal)).toBeUndefined()
    expect(story.paysFor(1, payer, 110_000, 'ICBC-0001')).toEqual(refusedWith('MILESTONE_DIFFERS'))
    expect(story.pays(payer, 110_000)).toMatchObject({ kind: 'pay', releasedFen: 10_000 })
    const paid = story.proposal.steps.at(-1)?.facts
    expect(Object.keys(paid ?? {}).sort()).toEqual([
      ...['act', 'bankReference', 'paidFen', 'paidOn', 'releasedFen', 'seq'],
    ])
    expect(foldSteps(story.proposal.steps)).toMatchObject({ state: 'disbursed', paidMilestones: [] })
  })
})
