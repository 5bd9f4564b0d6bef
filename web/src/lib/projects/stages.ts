import type { ProposalState } from '#shared/contracts/governance.ts'

/** The way of a proposal as everybody understands it, and how far each state has come: the stage that is under way. */
export const stages = ['submit', 'talk', 'price', 'notice', 'vote', 'work', 'accept', 'pay', 'rate'] as const
export type Stage = (typeof stages)[number]

const at: Readonly<Record<ProposalState, number>> = {
  submitted: 0,
  returned: 0,
  triaged: 1,
  deliberated: 2,
  noticed: 3,
  voting: 4,
  decided: 5,
  reserved: 5,
  executing: 5,
  finished: 6,
  accepted: 7,
  approved: 7,
  disbursed: 8,
  closed: 9,
  withdrawn: -1,
  rejected: -1,
  lapsed: -1,
  releasing: -1,
  abandoned: -1,
}

/** Position of the stage under way; past the last one when all is done, -1 when it came to another end. */
export function stageOf(state: ProposalState): number {
  return at[state]
}

export function isEnded(state: ProposalState): boolean {
  return at[state] === -1 || state === 'closed'
}

/** States that somebody has to end; the others end by the clock. */
export function hasDeadline(state: ProposalState): boolean {
  return !isEnded(state) && !['noticed', 'voting', 'decided', 'disbursed', 'releasing'].includes(state)
}

export function toneOf(state: ProposalState): 'badge-green' | 'badge-warm' | 'badge-warn' | '' {
  if (state === 'closed' || state === 'disbursed') return 'badge-green'
  if (state === 'voting' || state === 'noticed') return 'badge-warm'
  return at[state] === -1 || state === 'returned' ? 'badge-warn' : ''
}
