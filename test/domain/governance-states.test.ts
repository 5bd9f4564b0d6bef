import { describe, expect, it } from 'vitest'
import { actSchema, proposalStates, type ProposalState } from '#shared/contracts/governance.ts'
import { actorsOf } from '#shared/domain/governance/persons.ts'
import { hasEnded, isPossible, systemActs, transitions, type ActName } from '#shared/domain/governance/transitions.ts'

const acts: ActName[] = [...actSchema.options.map((option) => option.shape.act.value), ...systemActs, 'submit', 'pay']
/** Of an emergency: its own states, and where two signatures lead past the vote, until it is ratified. */
const emergencies: readonly ProposalState[] = ['signing', 'urgent', 'ratifying', 'unratified']
const targets = (state: ProposalState) => Object.values(transitions[state]).flatMap((to) => to ?? [])

describe('the states of a proposal', () => {
  it('are all known, and every target is one', () => {
    expect(Object.keys(transitions).sort()).toEqual([...proposalStates].sort())
    for (const state of proposalStates) for (const to of targets(state)) expect(proposalStates).toContain(to)
  })

  it('are all reached from the first', () => {
    const reached = new Set<ProposalState>(['submitted', 'signing'])
    for (let grown = -1; grown !== reached.size;) {
      grown = reached.size
      for (const state of [...reached]) for (const to of targets(state)) reached.add(to)
    }
    expect([...reached].sort()).toEqual([...proposalStates].sort())
  })

  it('all lead to an end', () => {
    const ending = new Set(proposalStates.filter(hasEnded))
    expect([...ending].sort()).toEqual(['abandoned', 'closed', 'lapsed', 'rejected', 'unratified', 'withdrawn'])
    for (let grown = -1; grown !== ending.size;) {
      grown = ending.size
      for (const state of proposalStates) if (targets(state).some((to) => ending.has(to))) ending.add(state)
    }
    expect(ending.size).toBe(proposalStates.length)
  })

  it('are left by acts that somebody may do, and every act is possible somewhere', () => {
    for (const act of acts) {
      expect(actorsOf[act].length, act).toBeGreaterThan(0)
      expect(
        proposalStates.some((state) => isPossible(state, act)),
        act,
      ).toBe(true)
    }
  })

  const before = (state: ProposalState) =>
    proposalStates.filter((from) => from !== state && targets(from).includes(state))

  it('of an emergency come to the usual way by one door alone: the vote that ratifies it', () => {
    const usual = proposalStates.filter((state) => !emergencies.includes(state))
    const doors = emergencies.flatMap((state) =>
      Object.entries(transitions[state]).flatMap(([act, to]) =>
        (to ?? []).filter((each) => usual.includes(each)).map((each) => `${state} ${act} ${each}`),
      ),
    )
    expect(doors.sort()).toEqual([
      ...['ratifying abandon releasing', 'ratifying decide executing', 'ratifying decide finished'],
      ...['ratifying decide releasing', 'ratifying decide reserved', 'ratifying lapse releasing'],
      ...['signing decline rejected', 'signing lapse lapsed', 'signing withdraw withdrawn'],
      ...['urgent abandon releasing', 'urgent lapse releasing'],
    ])
    expect(before('urgent')).toEqual(['signing'])
    expect(before('ratifying')).toEqual(['urgent'])
    expect(before('signing')).toEqual([])
    expect(before('unratified')).toEqual(['releasing'])
    // Nobody gives it back, and nobody accepts, approves or pays it.
    for (const act of ['return', 'triage', 'submit', 'accept', 'refuse', 'approve', 'pay', 'record-owners'] as const)
      for (const state of emergencies) expect(isPossible(state, act), `${act} of ${state}`).toBe(false)
  })

  it('know one way to paid: decided, reserved, done, accepted, approved', () => {
    expect(before('disbursed')).toEqual(['approved'])
    expect(before('approved')).toEqual(['accepted'])
    expect(before('accepted')).toEqual(['finished'])
    expect(before('finished')).toEqual(['executing', 'ratifying'])
    expect(before('reserved')).toEqual(['decided', 'ratifying'])
    // From approved: given back by the charity, or on to the next milestone once this one is paid.
    expect(before('executing')).toEqual(['reserved', 'finished', 'accepted', 'approved', 'ratifying'])
    expect(before('decided')).toEqual(['voting'])
    expect(before('voting')).toEqual(['noticed'])
    expect(before('noticed')).toEqual(['deliberated'])
  })

  it('let nothing happen to a proposal that has ended, but to its photos', () => {
    const others = acts.filter((act) => act !== 'show-photo' && act !== 'withhold-photo')
    for (const state of proposalStates.filter(hasEnded)) {
      for (const act of others) expect(isPossible(state, act), `${act} of ${state}`).toBe(false)
    }
  })
})
