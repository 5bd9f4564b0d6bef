import type { StatementState } from '../../contracts/settlement.ts'

/**
 * The life of a statement. `paying`: a payout holds it, so that no other can pay it; back to `confirmed` when that payout is
 * given up. `paid → paying`: the money came back. `missing`: the co-op says that the money did not come, until it
 * came back, or the bank's evidence shows that it came. What changes after `confirmed` is stated by another part, never by
 * changing what somebody has signed.
 */
export const statementTransitions: Readonly<Record<StatementState, readonly StatementState[]>> = {
  open: ['confirmed', 'disputed'],
  disputed: ['open'],
  // Statements that come to nothing together are paid without a transfer.
  confirmed: ['paying', 'paid'],
  paying: ['paid', 'confirmed'],
  paid: ['paying', 'missing'],
  missing: ['paid', 'paying'],
}

export function mayBecome(from: StatementState, to: StatementState): boolean {
  return statementTransitions[from].includes(to)
}

/** Nobody has confirmed it: its figures may still change. */
export function isChangeable(state: StatementState): boolean {
  return state === 'open' || state === 'disputed'
}
