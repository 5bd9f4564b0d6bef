import type { MatterAct, MatterActor } from '#shared/contracts/matters.ts'
import type { Instant } from '#shared/kernel/time.ts'

/** Somebody who wants to act, with what they are where the matter belongs. */
export type MatterPerson = {
  readonly personId: string
  readonly memberId: string
  /** Where they live, verified, anywhere. */
  readonly householdId?: string | undefined
  /** Since when they belong to it: what was filed for it before was filed for others. */
  readonly homeSince?: Instant | undefined
  /** Every household that they belong to, by their own word too: whoever lives together does not judge each other's. */
  readonly homeIds: readonly string[]
  /** They live in this compound: by their own word, or verified. */
  readonly livesHere: 'verified' | 'claimed' | 'no'
  readonly isWorker: boolean
  readonly isSupervisor: boolean
  /** Bodies that they act for. */
  readonly bodyIds: readonly string[]
  /** And those that they acted for before. */
  readonly bodyIdsEver: readonly string[]
}

/** Who may act as what: the first of these that somebody is counts. */
export const matterActorsOf: Readonly<Record<MatterAct['act'], readonly MatterActor[]>> = {
  add: ['resident', 'worker'],
  withdraw: ['resident'],
  triage: ['worker'],
  redact: ['worker', 'supervisor'],
  decline: ['worker'],
  merge: ['worker'],
  assign: ['worker'],
  accept: ['body'],
  dispute: ['body'],
  rule: ['supervisor', 'worker'],
  report: ['body'],
  extend: ['body'],
  allow: ['worker'],
  deny: ['worker'],
  answer: ['body'],
  verify: ['worker'],
  'send-back': ['worker'],
  reopen: ['resident', 'worker'],
  escalate: ['worker'],
  supervise: ['supervisor'],
  'link-proposal': ['worker'],
}

/** What somebody has to do with a matter beside their role. */
export const matterParts = ['reporter', 'handler', 'assigner'] as const
export type MatterPart = (typeof matterParts)[number]

/**
 * Parts that keep somebody from an act. Who handles a matter, or belongs to a body that does or did, never sorts it out, closes
 * it or looks whether it was done; who raised it does not judge it; who assigned it does not rule on the assignment.
 */
export const matterBarredBy: Readonly<Partial<Record<MatterAct['act'], readonly MatterPart[]>>> = {
  triage: ['reporter'],
  withdraw: ['handler'],
  redact: ['reporter', 'handler'],
  decline: ['reporter', 'handler'],
  merge: ['reporter', 'handler'],
  assign: ['reporter'],
  rule: ['reporter', 'handler', 'assigner'],
  allow: ['reporter', 'handler'],
  deny: ['reporter', 'handler'],
  verify: ['reporter', 'handler'],
  'send-back': ['reporter', 'handler'],
  supervise: ['reporter', 'handler'],
  'link-proposal': ['reporter', 'handler'],
}

export function matterBarOf(act: MatterAct['act'], parts: ReadonlySet<MatterPart>): boolean {
  return (matterBarredBy[act] ?? []).some((part) => parts.has(part))
}
