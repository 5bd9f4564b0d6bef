import { describe, expect, it } from 'vitest'
import { STEPS_MAX } from '#shared/contracts/governance.ts'
import { openStops, overriddenChecks, stopStep, unaskedChecks } from '#shared/domain/governance/decide-check.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { acceptor, chair, executor, neighbour, payer, person, Story, supervisor } from './governance-story.ts'

/** Goal: what a check stopped is let through by two persons who have a reason and no other part, for what they know of. */
const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'
const second = person('second', 'committee')
const clerk = person('clerk', 'charity')
/** Of a project that goes the usual way the first stop is always the same step. */
const FIRST = new Story().approved().proposal.steps.length + 1
const override = { act: 'override-check', stop: FIRST, note: '民政窗口书面同意' } as const
const latest = ({ proposal }: Story) => ({ ...override, stop: proposal.stop?.number ?? 0 })
const refusedWith = (code: string) => expect.objectContaining({ kind: 'refused', code })

const stops = (story: Story, verdict: 'silent' | 'said-no' = 'silent', checkIds = [A], note?: string) => {
  const said = checkIds.map((checkId) => ({ checkId, verdict, ...(note === undefined ? {} : { note }) }))
  const step = stopStep(story.proposal, said, story.now)
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
    expect(story.try(supervisor, latest(story)).kind).toBe('step')
  })

  it('is of what was known: what a check says differently is overridden anew, by the same two if they will', () => {
    const story = stopped().does(supervisor, override)
    expect(stops(story, 'said-no', [A], '没有备案')).toBe(true)
    expect(story.proposal.stop?.overriddenBy).toEqual([])
    story.does(supervisor, latest(story)).does(second, latest(story))
    expect(overriddenChecks(story.proposal)).toEqual([A])
    // Another check says no: the first stays out of the way once both are overridden.
    expect(stops(story, 'silent', [B])).toBe(true)
    expect(overriddenChecks(story.proposal)).toEqual([])
    story.does(second, latest(story)).does(supervisor, latest(story))
    expect(overriddenChecks(story.proposal)).toEqual([A, B])
  })

  it('is for the stop that was read: once the check has said something else, what was written for silence counts on no no', () => {
    const story = stopped().does(supervisor, override)
    stops(story, 'said-no', [A], '施工单位被列入失信名单')
    const before = story.proposal
    expect(story.try(second, override)).toEqual(refusedWith('STOP_CHANGED'))
    expect(story.try(supervisor, override)).toEqual(refusedWith('STOP_CHANGED'))
    expect(story.try(second, { ...override, stop: 99 })).toEqual(refusedWith('STOP_CHANGED'))
    expect(story.proposal).toBe(before)
    story.does(second, latest(story)).does(supervisor, latest(story))
    expect(overriddenChecks(story.proposal)).toEqual([A])
  })

  it('that was kept before it named its stop is of the stop it follows', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    const kept = story.proposal.steps.map((step) =>
      step.facts.act === 'override-check' ? { ...step, facts: { act: step.facts.act, note: step.facts.note } } : step,
    ) as Proposal['steps']
    expect(overriddenChecks(foldSteps(kept))).toEqual([A])
  })

  it('of another stop counts for nothing, wherever it stands in the record', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    const forged = story.proposal.steps.map((step) =>
      step.facts.act === 'override-check' && step.actor === 'committee'
        ? { ...step, facts: { ...step.facts, stop: FIRST - 1 } }
        : step,
    )
    expect(overriddenChecks(foldSteps(forged))).toEqual([])
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
  const says = (story: Story, verdict: 'silent' | 'said-no', checkId = A, note?: string) =>
    stops(story, verdict, [checkId], note)

  it('is written once for what is the same', () => {
    const story = new Story().approved()
    expect([stops(story), stops(story)]).toEqual([true, false])
    expect(foldSteps(story.proposal.steps)).toEqual(story.proposal)
  })

  it('tells the newest, however often it changes: what stands is always what is read', () => {
    const story = new Story().approved()
    for (let n = 0; n < 30; n++) {
      expect(says(story, 'said-no', A, `第 ${n} 个说法`)).toBe(true)
      expect(story.proposal.stop).toMatchObject({ overriddenBy: [], facts: { note: `第 ${n} 个说法` } })
      story.does(supervisor, latest(story))
    }
  })

  it('is asked about only while the answer could be written down, so that a full record stands on what it says', () => {
    const story = new Story().approved()
    let n = 0
    while (unaskedChecks(story.proposal, [A]).length === 0) says(story, 'said-no', A, `第 ${++n} 个说法`)
    // What moves a proposal on fits all the same, and so does a check that nobody could override otherwise.
    expect(story.proposal.steps.length).toBeLessThanOrEqual(STEPS_MAX - 60)
    expect(unaskedChecks(story.proposal, [A, B])).toEqual([A])
    const step = stopStep(story.proposal, [...openStops(story.proposal), { checkId: B, verdict: 'silent' }], story.now)
    if (step !== undefined) story.add(step)
    story.does(supervisor, latest(story)).does(second, latest(story))
    expect(overriddenChecks(story.proposal)).toEqual([A, B])
    expect(story.pays(payer, 110_000).kind).toBe('pay')
  })

  it('stays in force while its check is off, together with whatever stops it next', () => {
    const story = new Story().approved()
    says(story, 'said-no', A, '没有备案')
    expect(unaskedChecks(story.proposal, [A])).toEqual([])
    expect(unaskedChecks(story.proposal, [B])).toEqual([A])
    expect(openStops(story.proposal)).toEqual([{ checkId: A, verdict: 'said-no', note: '没有备案' }])
    stops(story, 'silent', [B])
    // B alone has been asked and said nothing: A is told of by who still waits for it.
    expect(openStops(story.proposal).map(({ checkId }) => checkId)).toEqual([B])
    const both = new Story().approved()
    says(both, 'said-no', A, '没有备案')
    const next = stopStep(both.proposal, [...openStops(both.proposal), { checkId: B, verdict: 'silent' }], both.now)
    expect(next?.facts).toMatchObject({ verdict: 'said-no', checkIds: [A, B], note: '没有备案' })
  })

  it('is no matter of a check that two persons have overridden', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    expect(unaskedChecks(story.proposal, [])).toEqual([])
    expect(openStops(story.proposal)).toEqual([])
  })

  it('tells every reason, each once, so that nobody overrides one that is not shown', () => {
    const story = new Story().approved()
    const said = [
      { checkId: A, verdict: 'said-no' as const, note: '没有备案' },
      { checkId: B, verdict: 'said-no' as const, note: '超过预算' },
    ]
    const step = stopStep(story.proposal, said, story.now)
    expect(step?.facts).toMatchObject({ note: '没有备案\n超过预算' })
    const same = said.map((each) => ({ ...each, note: '没有备案' }))
    expect(stopStep(story.proposal, same, story.now)?.facts).toMatchObject({ note: '没有备案' })
  })

  it('was kept for all its checks together before each was told apart', () => {
    const story = new Story().approved()
    const facts = { act: 'checked', verdict: 'said-no', checkIds: [A, B], note: '没有备案' } as const
    story.add({ at: story.now, actor: 'system', facts })
    expect(openStops(story.proposal)).toEqual([
      { checkId: A, verdict: 'said-no', note: '没有备案' },
      { checkId: B, verdict: 'said-no', note: '没有备案' },
    ])
    expect(stopStep(story.proposal, openStops(story.proposal), story.now)).toBeUndefined()
  })

  it('leaves a paid project as it was', () => {
    const story = stopped().does(supervisor, override).does(second, override)
    const decision = story.pays(payer, 110_000)
    expect(decision.kind).toBe('pay')
    expect(story.proposal.state).toBe('disbursed')
    expect(story.proposal.payment).not.toHaveProperty('checks')
  })
})
