import { describe, expect, it } from 'vitest'
import { orderStates, shareStates } from '#shared/contracts/orders.ts'
import { orderTransitions, payableStates, shareTransitions } from '#shared/domain/orders/states.ts'

/** Every state is known, can be reached from the first one, and has a way to an end. */
function proveComplete<S extends string>(
  states: readonly S[],
  transitions: Readonly<Record<S, readonly S[]>>,
  first: S,
  ends: readonly S[],
) {
  expect(Object.keys(transitions).sort()).toEqual([...states].sort())
  for (const targets of Object.values<readonly S[]>(transitions)) for (const to of targets) expect(states).toContain(to)
  const reach = (from: S): Set<S> => {
    const seen = new Set<S>([from])
    for (const state of seen) for (const to of transitions[state]) seen.add(to)
    return seen
  }
  expect([...reach(first)].sort()).toEqual([...states].sort())
  for (const state of states) expect(ends.some((end) => reach(state).has(end))).toBe(true)
  expect(states.filter((state) => transitions[state].length === 0).sort()).toEqual([...ends].sort())
}

describe('the state tables', () => {
  it('of an order are complete: every state is reached and every order ends', () => {
    proveComplete(orderStates, orderTransitions, 'pending_payment', ['paid', 'expired', 'cancelled'])
  })

  it('of a share are complete: every state is reached and every share ends', () => {
    proveComplete(shareStates, shareTransitions, 'reserved', ['failed', 'refunded'])
  })

  it('let a payment in while the order is pending or being given up, and never after', () => {
    expect(payableStates).toEqual(['pending_payment', 'expiring'])
  })
})
