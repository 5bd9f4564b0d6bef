import type { ToldOfProposal } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { tellPerson } from './table/notices.ts'
import type { Write } from './table/table.ts'

/** Tells these people of a proposal's newest step; once, however often the step is sent. */
export function tellOfStep(
  proposalId: string,
  { steps, content }: Proposal,
  to: ToldOfProposal['to'],
  told: readonly { readonly personId: string; readonly news: ToldOfProposal['news'] }[],
): Write[] {
  const step = steps.at(-1)
  assert(step !== undefined, 'a proposal has a step')
  const kind = to === 'person' ? 'proposal-moved' : 'proposal-waits'
  const about = {
    kind,
    at: step.at,
    proposalId,
    proposalTitle: content.title,
    of: `${proposalId}.${steps.length}`,
  } as const
  return told.map(({ personId, news }) => tellPerson(personId, { ...about, proposalNews: news }))
}
