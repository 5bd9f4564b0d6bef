import { peopleTold, tellOfProposal } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { tellOfStep } from '#functions/platform/proposal-notices.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import type { Write } from '#functions/platform/table/table.ts'
import { loadCommittee } from './committee.ts'

/** Of a committee: those who are told. All of them find it among what waits for them. */
const MEMBERS_TOLD_MAX = 20

/** Who is told of a proposal's newest step, in the step's own transaction. */
export async function noticeWrites(
  { proposalId, communityId }: Pick<ProposalItem, 'proposalId' | 'communityId'>,
  proposal: Proposal,
): Promise<Write[]> {
  const people = tellOfStep(proposalId, proposal, 'person', peopleTold(proposal))
  const news = tellOfProposal(proposal).find(({ to }) => to === 'committee')?.news
  if (news === undefined) return people
  const members = await membersOf(communityId, proposal)
  const told = members.map((personId) => ({ personId, news }))
  return [...people, ...tellOfStep(proposalId, proposal, 'committee', told)]
}

/** Those who may vote where a vote was opened, else whoever is of the committee; not who wrote it. */
async function membersOf(communityId: string, { vote, author, steps }: Proposal): Promise<string[]> {
  const at = steps.at(-1)?.at
  assert(at !== undefined, 'a proposal has a step')
  const members = vote?.members ?? (await loadCommittee(communityId, at))
  return members
    .map(({ personId }) => personId)
    .filter((personId) => personId !== author.personId)
    .slice(0, MEMBERS_TOLD_MAX)
}
