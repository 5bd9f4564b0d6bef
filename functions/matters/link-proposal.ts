import { proposalStates } from '#shared/contracts/governance.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { proposalItem } from '#functions/platform/table/items/governance.ts'
import { get, type Write } from '#functions/platform/table/table.ts'

const ended = proposalStates.filter(hasEnded)

/** A matter goes on as a proposal of its own compound that the branch has taken up, and that has not ended. */
export async function mayLink(proposalId: string, compoundId: string): Promise<boolean> {
  const proposal = await get(proposalItem, governanceKeys.proposal(proposalId))
  return proposal?.compoundId === compoundId && proposal.triaged && !hasEnded(proposal.state)
}

/**
 * The same inside the write. Whoever takes matters back from a proposal that ended reads those that are linked once: one that
 * came in later would wait for ever.
 */
export function linkCheck(proposalId: string, compoundId: string): Write {
  const states = Object.fromEntries(ended.map((state, at) => [`:ended${at}`, state]))
  return {
    check: governanceKeys.proposal(proposalId),
    condition: `compoundId = :compound AND triaged = :true AND NOT (#state IN (${Object.keys(states).join(', ')}))`,
    expression: { names: { '#state': 'state' }, values: { ':compound': compoundId, ':true': true, ...states } },
  }
}
