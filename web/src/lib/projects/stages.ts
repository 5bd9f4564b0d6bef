import type { ProposalState, ProposalVariant } from '#shared/contracts/governance.ts'

/** The way of a proposal as everybody understands it, and how far each state has come: the stage that is under way. */
export const stages = ['submit', 'talk', 'price', 'notice', 'vote', 'work', 'accept', 'pay', 'rate'] as const
/** Of an emergency. */
const urgentStages = ['submit', 'sign', 'repair', 'ratify', 'accept', 'pay', 'rate'] as const
export type Stage = (typeof stages)[number] | (typeof urgentStages)[number]

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
  signing: 1,
  urgent: 2,
  ratifying: 3,
  unratified: -1,
}
/** Once it is ratified an emergency is accepted and paid as everything is. */
const urgentAt: Readonly<Partial<Record<ProposalState, number>>> = {
  ...{ reserved: 4, executing: 4, finished: 4, accepted: 5, approved: 5, disbursed: 6, closed: 7 },
}

export function stagesOf(variant: ProposalVariant | undefined): readonly Stage[] {
  return variant === 'emergency' ? urgentStages : stages
}

/** Position of the stage under way; past the last one when all is done, -1 when it came to another end. */
export function stageOf(state: ProposalState, variant?: ProposalVariant): number {
  return (variant === 'emergency' ? urgentAt[state] : undefined) ?? at[state]
}

export function isEnded(state: ProposalState): boolean {
  return at[state] === -1 || state === 'closed'
}

/** States that somebody has to end; the others end by the clock. */
export function hasDeadline(state: ProposalState): boolean {
  return (
    !isEnded(state) &&
    !['noticed', 'voting', 'urgent', 'ratifying', 'decided', 'disbursed', 'releasing'].includes(state)
  )
}

export function toneOf(state: ProposalState): 'badge-green' | 'badge-warm' | 'badge-warn' | '' {
  if (state === 'closed' || state === 'disbursed') return 'badge-green'
  if (state === 'signing') return 'badge-warn'
  if (['voting', 'noticed', 'urgent', 'ratifying'].includes(state)) return 'badge-warm'
  return at[state] === -1 || state === 'returned' ? 'badge-warn' : ''
}
