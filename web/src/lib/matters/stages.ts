import type { MatterState, MatterSummary } from '#shared/contracts/matters.ts'

/** The way of a matter as residents know it: 收集 → 梳理交办 → 限时办理 → 跟踪督办 → 评价. */
export const stages = ['collect', 'assign', 'handle', 'verify', 'rate'] as const

const at: Readonly<Record<MatterState, number>> = {
  collected: 0,
  triaged: 1,
  disputed: 1,
  assigned: 2,
  handling: 2,
  answered: 3,
  verified: 4,
  closed: 5,
  unsolved: 5,
  declined: -1,
  merged: -1,
  proposed: -1,
  withdrawn: -1,
}

/** Position of the stage under way; past the last one when it went all the way, -1 when it came to another end. */
export function stageOf(state: MatterState): number {
  return at[state]
}

export function isEnded(state: MatterState): boolean {
  return at[state] === -1 || at[state] === stages.length
}

/** States that somebody has to end; being rated ends by the clock. */
export function hasDeadline(state: MatterState): boolean {
  return !isEnded(state) && state !== 'verified'
}

export function toneOf(state: MatterState): 'badge-green' | 'badge-warm' | 'badge-warn' | '' {
  if (state === 'closed' || state === 'proposed') return 'badge-green'
  if (state === 'verified') return 'badge-warm'
  return state === 'unsolved' || state === 'declined' || state === 'disputed' ? 'badge-warn' : ''
}

const CUT_AT = 20

/** Before it is taken up a matter goes by the first words of what was told: where they are cut off, it is shown. */
export function titleOf({ title, kind }: Pick<MatterSummary, 'title' | 'kind'>): string {
  return kind === undefined && [...title].length >= CUT_AT ? `${title}…` : title
}

/** Kept from the public for good, not only until it is taken up. */
export function isPrivate({ isPublic, kind, state }: Pick<MatterSummary, 'isPublic' | 'kind' | 'state'>): boolean {
  return !isPublic && kind !== undefined && state !== 'collected'
}
