import type { Instant } from '#shared/kernel/time.ts'
import type { Proposal } from './proposal.ts'
import { isBeingVotedOn } from './transitions.ts'

/** Whether votes are taken now. */
export function takesVotes({ state, vote, suspended }: Proposal, now: Instant): boolean {
  return isBeingVotedOn(state) && !suspended && vote !== undefined && !vote.shut && now < vote.closesAt
}
