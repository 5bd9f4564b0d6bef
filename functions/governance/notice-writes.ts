import { peopleTold, tellHomesOfProposal, tellOfProposal } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { tellOfStep } from '#functions/platform/proposal-notices.ts'
import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { homesToTellItem, type HomesToTellItem, type ProposalItem } from '#functions/platform/table/items/governance.ts'
import { ALWAYS, type Write } from '#functions/platform/table/table.ts'
import { membersOf } from './group-members.ts'

type Places = Pick<ProposalItem, 'proposalId' | 'compoundId' | 'communityId'>

/** Who is told of a proposal's newest step, in the step's own transaction; of households, that they are to be told. */
export async function noticeWrites(places: Places, proposal: Proposal): Promise<Write[]> {
  const { proposalId, communityId } = places
  const step = proposal.steps.at(-1)
  assert(step !== undefined, 'a proposal has a step')
  const people = tellOfStep(proposalId, proposal, 'person', peopleTold(proposal))
  const writes = [...people, ...homesWrites(places, proposal)]
  for (const told of tellOfProposal(proposal)) {
    if (told.to === 'person') continue
    const { to, news } = told
    // Its author hears of it as its author, and nobody of what they did themselves.
    const members = (await membersOf(to, communityId, proposal, step.at)).filter(
      (personId) => personId !== proposal.author.personId && personId !== step.personId,
    )
    writes.push(
      ...tellOfStep(
        proposalId,
        proposal,
        to,
        members.map((personId) => ({ personId, news })),
      ),
    )
  }
  return onceEach(writes)
}

/** Who is of two groups finds it once. */
function onceEach(writes: readonly Write[]): Write[] {
  const byKey = new Map(
    writes.map((write) => ['put' in write ? `${write.put['PK']}\n${write.put['SK']}` : JSON.stringify(write), write]),
  )
  return [...byKey.values()]
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
