import type { StatementState } from '../../contracts/settlement.ts'

/**
 * The life of a statement. `paid → confirmed`: the bank sent the transfer back. What changes after `confirmed` is stated by
 * another part, never by changing what somebody has signed.
 */
export const statementTransitions: Readonly<Record<StatementState, readonly StatementState[]>> = {
  open: ['confirmed', 'disputed'],
  disputed: ['open'],
  confirmed: ['paid'],
  paid: ['confirmed'],
}

export function mayBecome(from: StatementState, to: StatementState): boolean {
  return statementTransitions[from].includes(to)
}

/** Nobody has confirmed it: its figures may still change. */
export function isChangeable(state: StatementState): boolean {
  return state === 'open' || state === 'disputed'
}
