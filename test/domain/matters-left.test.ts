import { describe, expect, it } from 'vitest'
import type { MatterAct } from '#shared/contracts/matters.ts'
import { comeBackStep } from '#shared/domain/matters/decide-system.ts'
import { bodyDeltas } from '#shared/domain/matters/figures.ts'
import { afterStep, foldMatter, type Matter } from '#shared/domain/matters/matter.ts'
import { acts, days, does, hours, passes, person, upTo } from './matters-story.ts'

/** What all its steps add up to, by body and quarter: given − left is what the ranking looks at. */
function sumsOf(matter: Matter): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {}
  for (let at = 1; at <= matter.steps.length; at++) {
    const before = at === 1 ? undefined : foldMatter(matter.steps.slice(0, at - 1))
    const step = matter.steps[at - 1]
    if (step === undefined) throw new Error('a step')
    for (const delta of bodyDeltas(before, foldMatter(matter.steps.slice(0, at)), step)) {
      const own = (sums[`${delta.bodyId} ${delta.quarter}`] ??= {})
      for (const [name, added] of Object.entries(delta.sums)) own[name] = (own[name] ?? 0) + added
    }
  }
  return sums
}

const city = person('city', { bodyIds: ['city'] })
const toCity = { ...acts.supervise, leadId: 'city' } as const
const escalated = (matter: Matter, at = hours(5)) => does(matter, 'worker', acts.escalate, at)
const late = (matter: Matter) => passes(matter, '2026-12-02T00:00:00.000Z')
const DECEMBER = '2026-12-02T02:00:00.000Z'

describe('what left a body without its answer', () => {
  it.each<[string, () => Matter]>([
    ['in a dispute that was upheld', () => does(upTo('disputed'), 'second', acts.uphold, hours(6))],
    [
      'in a dispute that the supervisor settled',
      () => does(escalated(upTo('disputed')), 'supervisor', toCity, hours(6)),
    ],
    ['by the supervisor’s word', () => does(escalated(upTo('handling')), 'supervisor', toCity, hours(6))],
    ['before it said that it takes it', () => does(escalated(upTo('assigned')), 'supervisor', toCity, hours(6))],
    ['withdrawn by who raised it', () => does(upTo('handling'), 'reporter', acts.withdraw, hours(6))],
    ['withdrawn at once', () => does(upTo('assigned'), 'reporter', acts.withdraw, hours(6))],
    ['as a proposal', () => does(upTo('handling'), 'worker', acts.proposal, hours(6))],
  ])('%s is not in what it is measured by', (_name, told) => {
    expect(sumsOf(told())['property 2026-q4']).toEqual({ assigned: 1, left: 1 })
  })

  it.each<[string, Matter, MatterAct]>([
    ['supervised away', escalated(late(upTo('handling')), DECEMBER), toCity],
    ['withdrawn', late(upTo('handling')), acts.withdraw],
    ['linked', late(upTo('handling')), acts.proposal],
  ])('but was late before it was %s: late it stays', (_name, matter, act) => {
    const who = act.act === 'withdraw' ? 'reporter' : act.act === 'supervise' ? 'supervisor' : 'worker'
    expect(sumsOf(does(matter, who, act, DECEMBER))['property 2026-q4']).toEqual({ assigned: 1, overdue: 1 })
  })

  it('is nothing that it has answered, whatever becomes of it', () => {
    const back = does(upTo('answered'), 'worker', acts['send-back'], hours(6))
    const reopened = does(upTo('verified'), 'reporter', acts.reopen, hours(6))
    const answered = does(escalated(upTo('answered')), 'supervisor', toCity, hours(6))
    const away = [back, reopened].map((matter) => does(matter, 'worker', acts.proposal, hours(7)))
    for (const matter of [answered, ...away]) expect(sumsOf(matter)['property 2026-q4']).not.toHaveProperty('left')
  })

  it('is the first one’s alone: the body that has it then is measured by it', () => {
    const ruled = does(upTo('disputed'), 'second', acts.uphold, hours(6))
    expect(sumsOf(does(ruled, city, acts.answer, hours(7)))).toEqual({
      'property 2026-q4': { assigned: 1, left: 1 },
      'city 2026-q4': { assigned: 1 },
    })
  })

  it('is counted in the quarter in which it was given, where it is taken from', () => {
    const inJanuary = passes(does(upTo('assigned'), 'property', acts.extend, hours(3)), '2026-11-30T00:00:00.000Z')
    const asked = does(inJanuary, 'worker', { ...acts.allow }, '2026-11-30T02:00:00.000Z')
    const linked = does({ ...asked, state: 'handling' }, 'worker', acts.proposal, '2027-01-04T02:00:00.000Z')
    const step = linked.steps.at(-1)
    if (step === undefined) throw new Error('a step')
    expect(bodyDeltas({ ...asked, state: 'handling' }, linked, step)).toEqual([
      { bodyId: 'property', quarter: '2026-q4', sums: { left: 1 } },
    ])
  })

  it('kept by the supervisor’s word is no second matter of the same body', () => {
    const kept = does(escalated(upTo('handling')), 'supervisor', { ...toCity, leadId: 'property' }, hours(6))
    expect(sumsOf(kept)).toEqual({ 'property 2026-q4': { assigned: 1 } })
    // And leaves it as any does.
    expect(sumsOf(does(kept, 'reporter', acts.withdraw, hours(7)))).toEqual({
      'property 2026-q4': { assigned: 1, left: 1 },
    })
  })
})

describe('what comes back to a body from a proposal', () => {
  const comesBack = (matter: Matter, at = '2027-01-04T02:00:00.000Z') =>
    afterStep(matter, comeBackStep(matter, at, days.work))

  it('is given to it anew, in the quarter in which it comes back', () => {
    const back = comesBack(does(upTo('handling'), 'worker', acts.proposal, hours(6)))
    expect(sumsOf(back)).toEqual({ 'property 2026-q4': { assigned: 1, left: 1 }, 'property 2027-q1': { assigned: 1 } })
    expect(sumsOf(passes(back, '2027-01-13T00:00:00.000Z'))['property 2027-q1']).toEqual({ assigned: 1, overdue: 1 })
  })

  it('is given to it anew when it is taken back', () => {
    const linked = does(upTo('handling'), 'worker', acts.proposal, hours(6))
    expect(sumsOf(does(linked, 'reporter', acts.reopen, hours(7)))).toEqual({
      'property 2026-q4': { assigned: 2, left: 1 },
    })
  })

  it('is one matter still where it was late, or answered, before: no link makes two of it', () => {
    const linked = does(late(upTo('handling')), 'worker', acts.proposal, DECEMBER)
    expect(sumsOf(comesBack(linked, DECEMBER))).toEqual({ 'property 2026-q4': { assigned: 1, overdue: 1 } })
    const reopened = does(upTo('verified'), 'reporter', acts.reopen, hours(6))
    const away = does(reopened, 'worker', acts.proposal, hours(7))
    expect(sumsOf(comesBack(away, DECEMBER))).toEqual({ 'property 2026-q4': { assigned: 1, reopened: 1 } })
  })

  it('of the branch is nobody’s', () => {
    expect(sumsOf(comesBack(does(upTo('triaged'), 'worker', acts.proposal, hours(6))))).toEqual({})
  })
})
