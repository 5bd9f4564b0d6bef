import { peopleTold, tellHomesOfProposal, tellOfProposal } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { tellOfStep } from '#functions/platform/proposal-notices.ts'
import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { homesToTellItem, type HomesToTellItem, type ProposalItem } from '#functions/platform/table/items/governance.ts'
import { ALWAYS, type Write } from '#functions/platform/table/table.ts'
import { loadCommittee } from './committee.ts'

/** Of a committee: those who are told. All of them find it among what waits for them. */
const MEMBERS_TOLD_MAX = 20

type Places = Pick<ProposalItem, 'proposalId' | 'compoundId' | 'communityId'>

/** Who is told of a proposal's newest step, in the step's own transaction; of households, that they are to be told. */
export async function noticeWrites(places: Places, proposal: Proposal): Promise<Write[]> {
  const { proposalId, communityId } = places
  const people = tellOfStep(proposalId, proposal, 'person', peopleTold(proposal))
  const homes = homesWrites(places, proposal)
  const news = tellOfProposal(proposal).find(({ to }) => to === 'committee')?.news
  if (news === undefined) return [...people, ...homes]
  const members = await membersOf(communityId, proposal)
  const told = members.map((personId) => ({ personId, news }))
  return [...people, ...homes, ...tellOfStep(proposalId, proposal, 'committee', told)]
}

/** They are too many for a transaction: the clock goes through them (`tell-homes.ts`). */
function homesWrites({ proposalId, compoundId }: Places, proposal: Proposal): Write[] {
  const news = tellHomesOfProposal(proposal)
  const step = proposal.steps.at(-1)
  if (news === undefined || step === undefined) return []
  const mark = { proposalId, compoundId, title: proposal.content.title, news, at: step.at, step: proposal.steps.length }
  return [{ put: homesToTellPut({ entity: 'homesToTell', v: 1, ...mark }), condition: ALWAYS }]
}

/** That there are households to tell, found by when it came up (pattern G9). */
export function homesToTellPut(mark: HomesToTellItem) {
  const { proposalId, news, at } = mark
  return {
    ...governanceKeys.homesToTell(proposalId, news),
    ...governanceIndex.homesToTell(at, proposalId, news),
    ...homesToTellItem.parse(mark),
  }
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
