import { describe, expect, it } from 'vitest'
import { STEPS_MAX } from '#shared/contracts/governance.ts'
import { overriddenChecks, STOPS_MAX, stopStep } from '#shared/domain/governance/decide-check.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { acceptor, chair, executor, neighbour, payer, person, Story, supervisor } from './governance-story.ts'

/** Goal: what a check stopped is let through by two persons who have a reason and no other part, for what they know of. */
const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'
const second = person('second', 'committee')
const clerk = person('clerk', 'charity')
const override = { act: 'override-check', note: '民政窗口书面同意' } as const
const refusedWith = (code: string) => expect.objectContaining({ kind: 'refused', code })

const stops = (story: Story, verdict: 'silent' | 'said-no' = 'silent', checkIds = [A], note?: string) => {
  const step = stopStep(story.proposal, { verdict, checkIds, ...(note === undefined ? {} : { note }) }, story.now)
  if (step !== undefined) story.add(step)
  return step !== undefined
}
const stopped = () => {
  const story = new Story().approved()
  stops(story)
  return story
}

describe('an override', () => {
  it('takes the supervisor and another one, in any order, each once', () => {
    for (const pair of [
      [supervisor, second],
      [second, supervisor],
      [clerk, supervisor],
    ] as const) {
      const story = stopped().does(pair[0], override)
      expect(overriddenChecks(story.proposal)).toEqual([])
      story.does(pair[1], override)
      expect(overriddenChecks(story.proposal)).toEqual([A])
      expect(story.pays(payer, 110_000)).toMatchObject({ kind: 'pay', overridden: [A] })
      expect(story.try(person('third', 'committee'), override).kind).toBe('refused')
    }
  })

  it('is of one supervisor, and one who is not: two of the committee, or two supervisors, are not two', () => {
    const story = stopped().does(second, override)
    expect(story.try(person('third', 'committee'), override)).toEqual(refusedWith('NOT_NOW'))
    expect(story.try(clerk, override)).toEqual(refusedWith('NOT_NOW'))
    const other = stopped().does(supervisor, override)
    expect(other.try(person('deputy', 'supervisor'), override)).toEqual(refusedWith('NOT_NOW'))
    expect(overriddenChecks(story.proposal)).toEqual([])
  })

  it('of the same person counts once, in whatever role and words, and so does a household', () => {
    const both = person('both', 'supervisor', 'committee')
    const story = stopped().does(both, override)
    expect(story.try(both, override).kind).toBe('same')
    expect(story.try(both, { ...override, note: '还是同意' })).toEqual(refusedWith('FOUR_EYES'))
    const he = { ...neighbour('he', 'h-77'), actors: ['supervisor'] as const }
    const she = { ...neighbour('she', 'h-77'), actors: ['charity'] as const }
    const couple = stopped().does(he, override)
    expect(couple.try(she, override)).toEqual(refusedWith('FOUR_EYES'))
    expect(possibleActs(couple.proposal, she, couple.now)).not.toContain('override-check')
  })

  it('fits somebody who is both in the role that is missing', () => {
    const both = person('both', 'supervisor', 'charity')
    const story = stopped().does(supervisor, override).does(both, override)
    expect(story.proposal.stop?.overriddenBy).toEqual(['supervisor', 'charity'])
  })

  it('is nobody’s who had a part in it, but for the supervisor who accepted it', () => {
    for (const had of [executor, chair, person('author', 'charity'), person('valuator', 'committee')]) {
      const all = { ...had, actors: ['committee', 'supervisor', 'charity'] as const }
      expect(stopped().try(all, override), had.personId).toEqual(refusedWith('FOUR_EYES'))
    }
    const accepted = { ...acceptor, actors: ['resident', 'committee'] as const }
    expect(stopped().try(accepted, override)).toEqual(refusedWith('FOUR_EYES'))
    expect(stopped().try(supervisor, override).kind).toBe('step')
    expect(stopped().try(acceptor, override).kind).toBe('forbidden')
  })

  it('is not the payer’s', () => {
    const story = stopped().does(supervisor, override).does(clerk, override)
    expect(story.pays(clerk, 110_000)).toEqual(refusedWith('FOUR_EYES'))
    const wife = { ...neighbour('wife', 'h-78'), actors: ['charity'] as const }
    const husband = { ...neighbour('husband', 'h-78'), actors: ['committee'] as const }
    const couple = stopped().does(supervisor, override).does(husband, override)
    expect(couple.pays(wife, 110_000)).toEqual(refusedWith('FOUR_EYES'))
    expect(couple.pays(payer, 110_000).kind).toBe('pay')
  })

  it('is not for who is interested, before or since', () => {
    const story = stopped().does(second, { act: 'declare', interest: 'relative' })
    expect(story.try(second, override)).toEqual(refusedWith('INTERESTED'))
    const late = stopped().does(supervisor, override).does(second, override)
    late.does(second, { act: 'declare', interest: 'relative' })
    expect(late.pays(payer, 110_000)).toEqual(refusedWith('INTERESTED'))
  })

  it('is of what was asked and did not say yes: nobody overrides beforehand', () => {
    const story = new Story().approved()
    expect(story.try(supervisor, override)).toEqual(refusedWith('NOT_NOW'))
    expect(possibleActs(story.proposal, supervisor, story.now)).not.toContain('override-check')
    stops(story)
    expect(possibleActs(story.proposal, supervisor, story.now)).toContain('override-check')
    expect(new Story().finished().try(supervisor, override)).toEqual(refusedWith('NOT_NOW'))
    story.does(supervisor, { act: 'suspend', note: '等等' })
    expect(story.try(second, override)).toEqual(refusedWith('NOT_NOW'))
  })

  it('ends with its approval', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    story.does(payer, { act: 'refuse', note: '票据不对' })
    expect(story.proposal.stop).toBeUndefined()
    story.does(executor, {
      act: 'finish',
      text: '换了票据',
      receipts: [{ from: '鑫源', number: 'A0009', amountFen: 110_000 as never, issuedOn: shanghaiDay(story.now) }],
    })
    story.does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    story.does(chair, { act: 'approve', amountFen: 110_000 as never })
    expect(overriddenChecks(story.proposal)).toEqual([])
    expect(story.try(supervisor, override)).toEqual(refusedWith('NOT_NOW'))
    stops(story)
    expect(story.try(supervisor, override).kind).toBe('step')
  })

  it('is of what was known: what a check says differently is overridden anew, by the same two if they will', () => {
    const story = stopped().does(supervisor, override)
    expect(stops(story, 'said-no', [A], '没有备案')).toBe(true)
    expect(story.proposal.stop?.overriddenBy).toEqual([])
    story.does(supervisor, override).does(second, override)
    expect(overriddenChecks(story.proposal)).toEqual([A])
    // Another check says no: the first stays out of the way once both are overridden.
    expect(stops(story, 'silent', [B])).toBe(true)
    expect(overriddenChecks(story.proposal)).toEqual([])
    story.does(second, override).does(supervisor, override)
    expect(overriddenChecks(story.proposal)).toEqual([A, B])
  })

  it('always fits, however full a proposal is', () => {
    const story = stopped()
    while (story.proposal.steps.length < STEPS_MAX || story.proposal.suspended) {
      const suspended = { act: story.proposal.suspended ? 'resume' : 'suspend', note: '再看看' } as const
      const actor = { actor: 'supervisor', personId: supervisor.personId, memberId: supervisor.memberId } as const
      story.add({ at: story.now, ...actor, facts: suspended })
    }
    story.does(supervisor, override).does(second, override)
  })
})

describe('that a payment was stopped', () => {
  it('is written once for what is the same, and no more than some times', () => {
    const story = new Story().approved()
    expect([stops(story), stops(story)]).toEqual([true, false])
    for (let n = 0; n < 20; n++) stops(story, 'said-no', [A], `第 ${n} 个说法`)
    expect(story.proposal.steps.filter(({ facts }) => facts.act === 'checked')).toHaveLength(STOPS_MAX)
    // One that nobody could override otherwise is named all the same.
    expect(stops(story, 'silent', [B])).toBe(true)
    expect(foldSteps(story.proposal.steps)).toEqual(story.proposal)
  })

  it('leaves a paid project as it was', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    const decision = story.pays(payer, 110_000)
    expect(decision.kind).toBe('pay')
    expect(story.proposal.state).toBe('disbursed')
    expect(story.proposal.payment).not.toHaveProperty('checks')
  })
})
