import { describe, expect, it } from 'vitest'
import { monthDeltas } from '#shared/domain/matters/figures.ts'
import { comeBackStep, nextOfMatter } from '#shared/domain/matters/decide-system.ts'
import { afterStep, type Matter } from '#shared/domain/matters/matter.ts'
import { tellOf } from '#shared/domain/matters/notices.ts'
import { possibleMatterActs } from '#shared/domain/matters/possible-acts.ts'
import { matterHasEnded } from '#shared/domain/matters/transitions.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { acts, days, decide, does, hours, passes, people, photo, upTo, type Who } from './matters-story.ts'

const endOf = (day: string) => new Date(Date.parse(`${day}T16:00:00.000Z`)).toISOString()
const linked = (from: 'triaged' | 'handling', at = hours(6)) => does(upTo(from), 'worker', acts.proposal, at)
const comesBack = (matter: Matter, at: Instant) => afterStep(matter, comeBackStep(matter, at, days.work))
const monthsOf = (matter: Matter) => {
  const step = matter.steps.at(-1)
  return step === undefined ? [] : monthDeltas(matter, step)
}
/** Wednesday, two weeks and two days later. */
const LATER = '2026-12-09T02:00:00.000Z'

describe('a matter whose proposal ended without being carried out', () => {
  it('is again where it was: with its body, which has a whole term', () => {
    const back = comesBack(linked('handling'), LATER)
    expect(back).toMatchObject({ state: 'handling', lead: { bodyId: 'property' }, helpers: [{ bodyId: 'owners' }] })
    expect(back.clock).toMatchObject({ until: endOf('2026-12-16'), reminded: false, overdue: false })
    expect(back.proposalId).toBeUndefined()
    expect(back.cameBack).toEqual({ step: back.steps.length, proposalId: photo(8), proposalEnded: true })
    expect(back.steps.at(-1)).toMatchObject({ actor: 'system', facts: { act: 'come-back', proposalId: photo(8) } })
    expect(does(back, 'property', acts.answer, LATER).state).toBe('answered')
  })

  it('is with the branch where no body had it', () => {
    const back = comesBack(linked('triaged'), LATER)
    expect(back).toMatchObject({ state: 'triaged', clock: { until: endOf('2026-12-10') } })
    expect(does(back, 'worker', acts.assign, LATER).state).toBe('assigned')
  })

  it('is told to who raised it and to the body that has it again', () => {
    expect(tellOf(comesBack(linked('handling'), LATER))).toEqual([
      { to: 'reporters', news: 'come-back' },
      { to: 'lead', news: 'come-back' },
    ])
    expect(tellOf(comesBack(linked('triaged'), LATER))).toEqual([{ to: 'reporters', news: 'come-back' }])
  })

  it('is counted as a proposal no more, in the month in which it was', () => {
    expect(monthsOf(linked('handling'))).toEqual([{ month: '2026-11', sums: { proposed: 1 } }])
    expect(monthsOf(comesBack(linked('handling'), LATER))).toEqual([{ month: '2026-11', sums: { proposed: -1 } }])
  })

  it('may still end as anything: overdue, unsolved, another proposal', () => {
    const back = comesBack(linked('handling'), LATER)
    const late = passes(back, '2027-02-01T00:00:00.000Z')
    expect(late).toMatchObject({ clock: { overdue: true, overtime: true }, escalated: true })
    const other = does(back, 'worker', { ...acts.proposal, proposalId: photo(7) }, LATER)
    expect(other).toMatchObject({ state: 'proposed', proposalId: photo(7) })
    expect(other.cameBack).toBeUndefined()
    expect(comesBack(other, LATER).cameBack?.proposalId).toBe(photo(7))
  })

  it('keeps what was brought to the supervisor: a link shakes nobody off', () => {
    const escalated = does(upTo('handling'), 'worker', acts.escalate, hours(5))
    const away = does(escalated, 'worker', acts.proposal, hours(6))
    expect(away.escalated).toBe(false)
    expect(comesBack(away, LATER).escalated).toBe(true)
    expect(does(away, 'reporter', acts.reopen, hours(7)).escalated).toBe(true)
    expect(comesBack(linked('handling'), LATER).escalated).toBe(false)
  })

  it('asks for more time anew, if it needs it', () => {
    const asked = does(upTo('handling'), 'property', acts.extend, hours(5))
    const back = comesBack(does(asked, 'worker', acts.proposal, hours(6)), LATER)
    expect(back.extension).toBeUndefined()
    expect(does(back, 'property', acts.extend, LATER).extension).toMatchObject({ decided: 'asked' })
  })

  it('waits for nobody while the proposal is under way, and is not taken back by anything but that', () => {
    const matter = linked('handling')
    expect(matterHasEnded(matter.state)).toBe(true)
    expect(nextOfMatter(matter)).toBeUndefined()
    expect(() => comesBack(upTo('handling'), LATER)).toThrow()
    const other = comeBackStep(matter, LATER, days.work)
    expect(() => afterStep(matter, { ...other, facts: { act: 'come-back', proposalId: photo(7) } })).toThrow()
  })
})

describe('a link that was a mistake', () => {
  // y: taken; -: not theirs; f: four eyes; n: not now.
  it.each([
    ['reporter', 'y'],
    ['worker', 'y'],
    ['second', 'y'],
    ['spouse', '-'],
    ['neighbour', '-'],
    ['supervisor', '-'],
    ['property', '-'],
    ['stranger', '-'],
  ] satisfies [Who, string][])('is undone by %s: %s', (who, verdict) => {
    const decided = decide(linked('handling'), who, acts.reopen, hours(24 * 14))
    expect(decided.kind === 'step' ? 'y' : '-').toBe(verdict)
    const shown = possibleMatterActs(linked('handling'), people[who], hours(24 * 14), false).includes('reopen')
    expect(shown).toBe(verdict === 'y')
  })

  it('is undone within fifteen days of the link', () => {
    const matter = linked('handling', hours(6))
    expect(decide(matter, 'reporter', acts.reopen, hours(6 + 24 * 15 - 1)).kind).toBe('step')
    expect(decide(matter, 'reporter', acts.reopen, hours(6 + 24 * 15))).toMatchObject({ code: 'NOT_NOW' })
  })

  it('goes back where it was, with a term of its own', () => {
    const back = does(linked('handling'), 'reporter', acts.reopen, hours(24 * 2))
    expect(back).toMatchObject({
      state: 'handling',
      lead: { bodyId: 'property' },
      clock: { until: endOf('2026-12-02') },
    })
    expect(back.cameBack).toMatchObject({ proposalId: photo(8), proposalEnded: false })
    expect(back.proposalId).toBeUndefined()
    expect(does(linked('triaged'), 'worker', acts.reopen, hours(24 * 2))).toMatchObject({
      ...{ state: 'triaged', clock: { until: endOf('2026-11-26') } },
    })
    // Nothing had been done that has to be done again: it is no reopening of anybody's work.
    expect(back).toMatchObject({ reopened: 0, escalated: false })
    expect(monthsOf(back)).toEqual([{ month: '2026-11', sums: { proposed: -1 } }])
    const nextMonth = does(linked('handling'), 'reporter', acts.reopen, '2026-12-02T02:00:00.000Z')
    expect(monthsOf(nextMonth)).toEqual([{ month: '2026-11', sums: { proposed: -1 } }])
  })

  it('is undone once: two who want different things do not move it to and fro', () => {
    const back = does(linked('handling'), 'reporter', acts.reopen, hours(7))
    const again = does(back, 'worker', acts.proposal, hours(8))
    expect(decide(again, 'reporter', acts.reopen, hours(9))).toMatchObject({ code: 'NOT_NOW' })
    expect(decide(again, 'reporter', { ...acts.reopen, note: '还是要办' }, hours(9))).toMatchObject({ code: 'NOT_NOW' })
    // That a proposal ended is no undoing.
    const ended = comesBack(linked('handling'), hours(7))
    const other = does(ended, 'worker', { ...acts.proposal, proposalId: photo(7) }, hours(8))
    expect(decide(other, 'reporter', acts.reopen, hours(9)).kind).toBe('step')
  })

  it('leaves who worked on it as it was: the same words later are a rating of other work', () => {
    const verified = upTo('verified')
    const reopened = does(verified, 'reporter', acts.reopen, hours(6))
    const away = does(reopened, 'worker', acts.proposal, hours(7))
    // The same words as before are not a retry: something was linked since.
    expect(decide(away, 'reporter', acts.reopen, hours(8)).kind).toBe('step')
  })

  it('is told to the body; and where the branch undoes it, to who raised it', () => {
    expect(tellOf(does(linked('handling'), 'reporter', acts.reopen, hours(7)))).toEqual([
      { to: 'lead', news: 'reopen' },
    ])
    expect(tellOf(does(linked('handling'), 'worker', acts.reopen, hours(7)))).toEqual([
      { to: 'reporters', news: 'come-back' },
      { to: 'lead', news: 'reopen' },
    ])
  })
})
