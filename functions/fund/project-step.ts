import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import { peopleTold } from '#shared/domain/governance/notices.ts'
import { tellOfStep } from '#functions/platform/proposal-notices.ts'
import { stepWrites } from '#functions/platform/proposal-record.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import type { Write } from '#functions/platform/table/table.ts'

/** Writes of a proposal's newest step, to go along with the entry of the ledger that it tells of. */
export function writesOf(item: ProposalItem, proposal: Proposal): Write[] {
  return [
    ...stepWrites(item, proposal, hasEnded(proposal.state), nextOfSystem(proposal)),
    ...tellOfStep(item.proposalId, proposal, 'person', peopleTold(proposal)),
  ]
}
