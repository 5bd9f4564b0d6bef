import { describe, expect, it } from 'vitest'
import { matterStates, type MatterAct } from '#shared/contracts/matters.ts'
import { clockStep, nextOfMatter } from '#shared/domain/matters/decide-system.ts'
import { possibleMatterActs } from '#shared/domain/matters/possible-acts.ts'
import { matterTransitions } from '#shared/domain/matters/transitions.ts'
import { acts, days, decide, does, hours, known, MONDAY, passes, people, photo, raise, upTo } from './matters-story.ts'

const endOf = (day: string) => new Date(Date.parse(`${day}T16:00:00.000Z`)).toISOString()
const rating = (solved: boolean, byReporter = true) => ({ answered: true, solved, score: solved ? 5 : 1, byReporter })

describe('a matter, from the first word to the rating', () => {
  it('goes the five steps of the article, each with its deadline', () => {
    const matter = upTo('verified')
    expect(matter.steps.map(({ facts, term }) => [facts.act, term?.until])).toEqual([
      ['raise', endOf('2026-11-24')],
      ['triage', endOf('2026-11-24')],
      ['assign', endOf('2026-11-30')],
      ['accept', undefined],
      ['answer', endOf('2026-11-26')],
      ['verify', undefined],
    ])
    expect(matter.state).toBe('verified')
    const closed = passes(matter, '2027-01-01T00:00:00.000Z', [rating(true), rating(false, false)])
    expect(closed).toMatchObject({
      state: 'closed',
      tookDays: 0,
      ratings: { count: 2, solved: 1, scores: [1, 0, 0, 0, 1] },
    })
    // Two minutes after the time to rate is over: clocks differ.
    expect(closed.steps.at(-1)?.at).toBe(new Date(Date.parse(hours(5)) + 15 * 86_400_000 + 120_000).toISOString())
  })

  it('is closed and not solved when its reporter says so, whatever the branch saw', () => {
    expect(passes(upTo('verified'), '2027-01-01T00:00:00.000Z', [rating(false)]).state).toBe('unsolved')
  })

  it('is closed and not solved when the branch saw that it is not', () => {
    const seen = does(upTo('answered'), 'worker', { ...acts.verify, solved: false }, hours(5))
    expect(passes(seen, '2027-01-01T00:00:00.000Z', [rating(true)]).state).toBe('unsolved')
  })

  it('is published by the branch, in its words and with the photos that it chose', () => {
    const matter = does(raise(), 'worker', { ...acts.triage, photoIds: [photo(1)] }, hours(1))
    expect(matter.published).toMatchObject({ text: acts.triage.text, photoIds: [photo(1)] })
    expect(decide(raise(), 'worker', { ...acts.triage, photoIds: [photo(7)] }, hours(1))).toMatchObject({
      kind: 'refused',
      code: 'UNKNOWN_PHOTO',
    })
  })

  it('is told where it belongs when it is declined, and taken up again once', () => {
    const declined = upTo('declined')
    expect(declined).toMatchObject({ state: 'declined', declined: { tellWhere: '请打供电公司 95598' } })
    const again = does(declined, 'reporter', acts.reopen, hours(20))
    expect(again).toMatchObject({ state: 'collected', reopened: 1 })
    const twice = does(again, 'worker', acts.decline, hours(21))
    expect(decide(twice, 'reporter', acts.reopen, hours(22))).toMatchObject({ code: 'NOT_NOW' })
    expect(decide(declined, 'reporter', acts.reopen, hours(24 * 15 + 1))).toMatchObject({ code: 'NOT_NOW' })
  })

  it('lists only states that something leads to', () => {
    const reached = new Set(Object.values(matterTransitions).flatMap((acts) => Object.values(acts).flat()))
    expect(matterStates.filter((state) => state !== 'collected' && !reached.has(state))).toEqual([])
  })
})

describe('a dispute', () => {
  it('is said within one working day, and once', () => {
    const assigned = upTo('assigned')
    expect(assigned.disputeUntil).toBe(endOf('2026-11-24'))
    expect(decide(assigned, 'property', acts.dispute, endOf('2026-11-24'))).toMatchObject({ code: 'NOT_NOW' })
    const ruled = does(upTo('disputed'), 'supervisor', acts.overrule, hours(4))
    expect(ruled.state).toBe('handling')
    expect(decide(ruled, 'property', { ...acts.dispute, note: '还是觉得不归我们' }, hours(5))).toMatchObject({
      code: 'DISPUTED_ONCE',
    })
  })

  it('gives nobody time: what is overruled has the term it had', () => {
    const before = upTo('assigned').clock?.until
    expect(does(upTo('disputed'), 'supervisor', acts.overrule, hours(30)).clock?.until).toBe(before)
  })

  it('that is upheld goes to another body with a clock of its own, and does not come back', () => {
    const ruled = does(upTo('disputed'), 'second', acts.uphold, hours(26))
    expect(ruled).toMatchObject({ state: 'handling', lead: { bodyId: 'city' }, clock: { until: endOf('2026-12-01') } })
    const city = { ...people.stranger, bodyIds: ['city'] }
    expect(decide(ruled, city, acts.dispute, hours(27))).toMatchObject({ code: 'DISPUTED_ONCE' })
  })

  it.each([
    ['upheld without another body', { act: 'rule', upheld: true, note: '是的' }],
    ['upheld to the same body', { act: 'rule', upheld: true, note: '是的', leadId: 'property' }],
    ['overruled with a body', { act: 'rule', upheld: false, note: '不是', leadId: 'city' }],
    ['upheld to a body that is none', { act: 'rule', upheld: true, note: '是的', leadId: 'nobody' }],
  ] satisfies [string, MatterAct][])('cannot be %s', (_name, act) => {
    expect(decide(upTo('disputed'), 'supervisor', act, hours(4))).toMatchObject({ code: 'UNKNOWN_BODY' })
  })

  it('is not made by saying nothing: who was asked has it after a day', () => {
    const presumed = passes(upTo('assigned'), endOf('2026-11-24'))
    expect(presumed.state).toBe('handling')
    expect(presumed.steps.at(-1)).toMatchObject({ actor: 'system', facts: { act: 'presume' } })
    // Said a moment later it is no fault: they have it.
    expect(decide(presumed, 'property', acts.accept, endOf('2026-11-24'))).toEqual({ kind: 'same' })
  })
})

describe('the clock', () => {
  const said = (matter: ReturnType<typeof raise>) =>
    matter.steps.filter(({ actor }) => actor === 'system').map(({ facts, at }) => [facts.act, at])

  it('reminds on the last day, says overdue when it is over, and calls the supervisor five working days later; each once', () => {
    const late = passes(upTo('handling'), '2027-01-01T00:00:00.000Z')
    expect(said(late)).toEqual([
      ['remind', '2026-11-29T16:00:00.000Z'],
      ['overdue', endOf('2026-11-30')],
      ['overtime', endOf('2026-12-07')],
    ])
    expect(late.escalated).toBe(true)
    expect(nextOfMatter(late)).toBeUndefined()
  })

  it('watches the branch as it watches bodies', () => {
    expect(said(passes(raise(), '2026-11-24T16:00:00.000Z'))).toEqual([
      ['remind', '2026-11-23T16:00:00.000Z'],
      ['overdue', endOf('2026-11-24')],
    ])
  })

  it('begins anew with each turn: sent back, reopened, given to another', () => {
    const back = does(upTo('answered'), 'worker', acts['send-back'], hours(24 * 4))
    // An answer that does not hold wins no time: two working days.
    expect(back).toMatchObject({ state: 'handling', clock: { until: endOf('2026-12-01'), reminded: false } })
    const reopened = does(upTo('verified'), 'reporter', acts.reopen, hours(24 * 8))
    expect(reopened).toMatchObject({ state: 'handling', reopened: 1, escalated: false })
    expect(reopened.clock?.until).toBe(endOf('2026-12-08'))
  })

  it('is given more days once, before it ends, by the branch', () => {
    const asked = does(upTo('handling'), 'property', acts.extend, hours(4))
    expect(does(asked, 'worker', acts.allow, hours(5)).clock?.until).toBe(endOf('2026-12-07'))
    const denied = does(asked, 'worker', acts.deny, hours(5))
    expect(decide(denied, 'property', { ...acts.extend, days: 3 }, hours(6))).toMatchObject({ code: 'EXTENDED_ONCE' })
    expect(decide(upTo('handling'), 'property', acts.extend, endOf('2026-11-30'))).toMatchObject({ code: 'NOT_NOW' })
  })

  it('keeps what ran when more days are denied', () => {
    const before = upTo('handling').clock
    const asked = does(upTo('handling'), 'property', acts.extend, hours(4))
    expect(does(asked, 'worker', acts.deny, hours(5)).clock).toEqual(before)
  })

  it('does not call a body late for what the branch has not decided, for five working days at most', () => {
    const asked = does(upTo('handling'), 'property', acts.extend, hours(4))
    const waits = passes(asked, endOf('2026-12-04'))
    expect(said(waits).map(([act]) => act)).toEqual(['remind'])
    // On a Saturday: five days from the Monday on.
    expect(does(waits, 'worker', acts.allow, endOf('2026-12-04')).clock?.until).toBe(endOf('2026-12-11'))
    expect(said(passes(asked, endOf('2026-12-07'))).map(([act]) => act)).toEqual(['remind', 'overdue', 'overtime'])
  })

  it('reminds nobody of what has passed when it comes late itself', () => {
    const handling = upTo('handling')
    const due = nextOfMatter(handling)
    expect(due?.act).toBe('remind')
    if (due === undefined) throw new Error('nothing is due')
    expect(clockStep(handling, due, endOf('2026-11-30')).facts.act).toBe('overdue')
    const asked = does(handling, 'property', acts.extend, hours(4))
    expect(clockStep(asked, due, endOf('2026-11-30')).facts.act).toBe('remind')
  })
})

describe('the supervisor', () => {
  it('is called by the second reopening', () => {
    const again = (matter: ReturnType<typeof raise>, from: number) =>
      does(
        does(does(matter, 'reporter', acts.reopen, hours(from)), 'property', acts.answer, hours(from + 1)),
        'worker',
        acts.verify,
        hours(from + 2),
      )
    const twice = does(again(upTo('verified'), 6), 'reporter', { ...acts.reopen, note: '又坏了' }, hours(9))
    expect(twice).toMatchObject({ reopened: 2, escalated: true, state: 'handling' })
  })

  it('speaks only about what was brought to them, and may give it to another body', () => {
    expect(decide(upTo('handling'), 'supervisor', acts.supervise, hours(4))).toMatchObject({ code: 'NOT_NOW' })
    const escalated = does(upTo('handling'), 'worker', acts.escalate, hours(4))
    const heard = does(escalated, 'supervisor', acts.supervise, hours(5))
    expect(heard).toMatchObject({ escalated: false, supervision: { text: '三天内办好' }, lead: { bodyId: 'property' } })
    expect(heard.clock).toEqual(escalated.clock)
    const moved = does(escalated, 'supervisor', { ...acts.supervise, leadId: 'city', termDays: 3 }, hours(5))
    expect(moved).toMatchObject({ lead: { bodyId: 'city' }, clock: { until: endOf('2026-11-26') }, state: 'handling' })
  })

  it('settles a dispute that nobody ruled on', () => {
    const late = passes(upTo('disputed'), '2026-12-31T00:00:00.000Z')
    expect(late).toMatchObject({ state: 'disputed', escalated: true })
    const moved = does(late, 'supervisor', { ...acts.supervise, leadId: 'city' }, '2026-12-31T01:00:00.000Z')
    expect(moved).toMatchObject({ state: 'handling', dispute: { ruling: { upheld: true } } })
    expect(moved.heldClock).toBeUndefined()
  })

  it('cannot give away what nobody has looked at', () => {
    const escalated = does(raise(), 'worker', acts.escalate, hours(1))
    expect(decide(escalated, 'supervisor', { ...acts.supervise, leadId: 'city' }, hours(2))).toMatchObject({
      code: 'NOT_NOW',
    })
  })
})

describe('what the clock and people do to each other', () => {
  it('more time that nobody decided about ends with the answer, and with a dispute', () => {
    const asked = does(upTo('assigned'), 'property', acts.extend, hours(3))
    const answered = does(asked, 'property', acts.answer, hours(4))
    expect(answered.extension).toBeUndefined()
    // The branch's own term is not stopped by it.
    expect(nextOfMatter(answered)).toMatchObject({ act: 'remind', at: '2026-11-25T16:00:00.000Z' })
    expect(does(asked, 'property', acts.dispute, hours(4)).extension).toBeUndefined()
  })

  it('days that are allowed late count from then', () => {
    const asked = does(upTo('handling'), 'property', { ...acts.extend, days: 3 }, hours(4))
    const late = passes(asked, endOf('2026-12-08'))
    const allowed = does(late, 'worker', acts.allow, endOf('2026-12-08'))
    expect(allowed.clock).toMatchObject({ until: endOf('2026-12-14'), overdue: false })
  })

  it('an answer that does not hold twice calls the supervisor', () => {
    const once = does(upTo('answered'), 'worker', acts['send-back'], hours(5))
    expect(once).toMatchObject({ sentBack: 1, escalated: false })
    const again = does(does(once, 'property', acts.answer, hours(6)), 'worker', acts['send-back'], hours(7))
    expect(again).toMatchObject({ sentBack: 2, escalated: true })
  })

  it('after the supervisor’s word on what was over long ago the clock calls again', () => {
    const late = passes(upTo('handling'), '2026-12-10T00:00:00.000Z')
    const heard = does(late, 'supervisor', acts.supervise, '2026-12-10T01:00:00.000Z')
    expect(heard).toMatchObject({ escalated: false, clock: { until: endOf('2026-12-17'), overtime: false } })
    const soon = does(late, 'supervisor', { ...acts.supervise, termDays: 1 }, '2026-12-10T01:00:00.000Z')
    expect(soon.clock?.until).toBe(endOf('2026-12-11'))
    expect(passes(heard, '2027-01-30T00:00:00.000Z').escalated).toBe(true)
  })

  it('the same yes to another body’s wish is a yes of its own', () => {
    const asked = does(upTo('assigned'), 'property', acts.extend, hours(3))
    const allowed = does(asked, 'worker', acts.allow, hours(4))
    const disputed = does(allowed, 'property', acts.dispute, hours(5))
    const ruled = does(disputed, 'second', acts.uphold, hours(6))
    const city = { ...people.stranger, bodyIds: ['city'], bodyIdsEver: ['city'] }
    const more = does(ruled, city, acts.extend, hours(7))
    expect(decide(more, 'worker', acts.allow, hours(8))).toMatchObject({ kind: 'step' })
  })

  it('a supervisor who keeps the body has not upheld the dispute', () => {
    const late = passes(upTo('disputed'), '2026-12-31T00:00:00.000Z')
    const kept = does(late, 'supervisor', { ...acts.supervise, leadId: 'property' }, '2026-12-31T01:00:00.000Z')
    expect(kept.dispute?.ruling).toMatchObject({ upheld: false })
  })

  it('another body does not answer for what the one before it said', () => {
    const escalated = does(upTo('answered'), 'worker', acts.escalate, hours(5))
    const moved = does(escalated, 'supervisor', { ...acts.supervise, leadId: 'city' }, hours(6))
    expect(moved).toMatchObject({ state: 'handling', lead: { bodyId: 'city' } })
    expect(moved.answer).toBeUndefined()
  })

  it('a matter is reopened five times at most', () => {
    let matter = upTo('verified')
    for (let n = 0; n < 5; n++) {
      matter = does(matter, 'reporter', { ...acts.reopen, note: `第 ${n} 次` }, hours(6))
      matter = does(does(matter, 'property', acts.answer, hours(6)), 'worker', acts.verify, hours(6))
    }
    expect(decide(matter, 'reporter', { ...acts.reopen, note: '再来' }, hours(6))).toMatchObject({ code: 'TOO_MANY' })
  })

  it('no photo is lost by what the branch takes off the page', () => {
    const seen = does(upTo('answered'), 'worker', { ...acts.verify, photoIds: [photo(5)] }, hours(5))
    const hidden = does(seen, 'second', acts.redact, hours(6))
    expect(hidden.published?.photoIds).toEqual([])
    expect(decide(hidden, 'second', { ...acts.redact, photoIds: [photo(5)] }, hours(7))).toMatchObject({ kind: 'step' })
  })
})

describe('merging', () => {
  const into = () => does(raise(hours(-5)), 'worker', acts.triage, hours(-4))

  it('ends one and tells the other whose it is now', () => {
    const merged = does(raise(), 'worker', acts.merge, hours(1), { ...{ bodies: new Map() }, into: into() })
    expect(merged).toMatchObject({ state: 'merged', mergedInto: acts.merge.into })
  })

  it.each([
    ['another compound’s', undefined],
    ['one that nobody has looked at', raise(hours(-5))],
    ['one that has ended', upTo('declined')],
    ['one that waits for its rating', upTo('verified')],
  ])('cannot go into %s', (_name, target) => {
    const about = { bodies: new Map(), into: target }
    expect(decide(raise(), 'worker', acts.merge, hours(1), about)).toMatchObject({ code: 'UNKNOWN_MATTER' })
  })
})

describe('an assignment', () => {
  it('says why its term is longer than the rule’s', () => {
    const triaged = upTo('triaged')
    expect(decide(triaged, 'worker', { ...acts.assign, termDays: 6 }, hours(2))).toMatchObject({
      code: 'BASIS_MISSING',
    })
    expect(
      decide(triaged, 'worker', { ...acts.assign, termDays: 20, basis: '维修资金条例 20 日' }, hours(2)),
    ).toMatchObject({ kind: 'step' })
    const asked = does(raise(), 'worker', { ...acts.triage, kind: 'inquiry' }, hours(1))
    expect(decide(asked, 'worker', { ...acts.assign, termDays: 4 }, hours(2))).toMatchObject({ code: 'BASIS_MISSING' })
  })

  it.each([
    ['a lead that is none', { ...acts.assign, leadId: 'nobody' }],
    ['a helper that is none', { ...acts.assign, helperIds: ['nobody'] }],
    ['a helper twice', { ...acts.assign, helperIds: ['owners', 'owners'] }],
    ['the lead as its own helper', { ...acts.assign, helperIds: ['property'] }],
  ] satisfies [string, MatterAct][])('does not take %s', (_name, act) => {
    expect(decide(upTo('triaged'), 'worker', act, hours(2))).toMatchObject({ code: 'UNKNOWN_BODY' })
  })
})

describe('the same words again', () => {
  it.each([
    ['triage', 'collected', 'worker', acts.triage],
    ['assign', 'triaged', 'worker', acts.assign],
    ['accept', 'assigned', 'property', acts.accept],
    ['dispute', 'assigned', 'property', acts.dispute],
    ['report', 'handling', 'property', acts.report],
    ['extend', 'handling', 'property', acts.extend],
    ['answer', 'handling', 'property', acts.answer],
    ['send-back', 'answered', 'worker', acts['send-back']],
    ['verify', 'answered', 'worker', acts.verify],
    ['reopen', 'verified', 'reporter', acts.reopen],
    ['add', 'handling', 'reporter', acts.add],
    ['withdraw', 'handling', 'reporter', acts.withdraw],
  ] as const)('are no second %s', (_name, state, who, act) => {
    const done = does(upTo(state), who, act, hours(6))
    expect(decide(done, who, act, hours(7))).toEqual({ kind: 'same' })
  })

  it('mean something new after the matter has turned', () => {
    const back = does(upTo('answered'), 'worker', acts['send-back'], hours(5))
    const answered = does(back, 'property', acts.answer, hours(6))
    expect(answered.state).toBe('answered')
    expect(does(answered, 'worker', acts['send-back'], hours(7)).state).toBe('handling')
  })

  it('have limits of their own, so that what moves a matter on, or takes private life off the page, always fits', () => {
    let matter = upTo('handling')
    for (let n = 0; n < 200; n++) {
      const decided = decide(matter, 'property', { ...acts.report, text: `第 ${n} 次` }, hours(4))
      if (decided.kind !== 'step') {
        expect(decided).toMatchObject({ code: 'TOO_MANY' })
        break
      }
      matter = does(matter, 'property', { ...acts.report, text: `第 ${n} 次` }, hours(4))
    }
    expect(matter.steps.filter(({ facts }) => facts.act === 'report')).toHaveLength(30)
    expect(decide(matter, 'worker', acts.redact, hours(5))).toMatchObject({ kind: 'step' })
    const answered = does(matter, 'property', acts.answer, hours(5))
    expect(decide(answered, 'worker', acts['send-back'], hours(6))).toMatchObject({ kind: 'step' })
    expect(possibleMatterActs(matter, people.property, hours(5), false)).not.toContain('report')
  })
})

describe('taking it back', () => {
  it('is for who raised it, while no neighbour follows it: then it is theirs too', () => {
    for (const state of ['collected', 'triaged', 'assigned', 'handling'] as const) {
      const matter = upTo(state)
      expect(decide(matter, 'reporter', acts.withdraw, hours(6), { ...known, followers: 1 })).toMatchObject({
        ...{ kind: 'refused', code: 'FOLLOWED' },
      })
      expect(possibleMatterActs(matter, people.reporter, hours(6), false, 1)).not.toContain('withdraw')
      expect(decide(matter, 'reporter', acts.withdraw, hours(6), { ...known, followers: 0 }).kind).toBe('step')
      expect(possibleMatterActs(matter, people.reporter, hours(6), false, 0)).toContain('withdraw')
    }
  })
})

describe('the buttons of a page', () => {
  it('are those acts that are then taken', () => {
    const states = [
      'collected',
      'triaged',
      'assigned',
      'disputed',
      'handling',
      'answered',
      'verified',
      'declined',
    ] as const
    const samples = Object.values(acts).filter(({ act }) => act !== 'rule' && act !== 'merge')
    for (const state of states) {
      const matter = upTo(state)
      for (const [who, person] of Object.entries(people)) {
        const shown = possibleMatterActs(matter, person, hours(6), false)
        for (const act of samples) {
          const taken = decide(matter, person, act, hours(6)).kind === 'step'
          // A retry of what the story has just done is neither.
          if (decide(matter, person, act, hours(6)).kind === 'same') continue
          expect([who, state, act.act, shown.includes(act.act)]).toEqual([who, state, act.act, taken])
        }
      }
    }
    expect(MONDAY < hours(6) && days.dayMs > 0).toBe(true)
  })
})
