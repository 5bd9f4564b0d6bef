import type { ProposalContent } from '#shared/contracts/governance.ts'
import { faultOfNamedSlip, holdsSlip } from '#shared/domain/governance/aid-slip.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { loadProposal } from '#functions/platform/proposal-record.ts'
import { aidSlipKeys } from '#functions/platform/table/aid-slip-keys.ts'
import { aidSlipItem } from '#functions/platform/table/items/aid-slips.ts'
import { get, type Write } from '#functions/platform/table/table.ts'

/** The slip that a project for aid names is its own from then on: one project of each slip, written with the project's step. */
export async function nameAidSlip(
  proposalId: string,
  compoundId: string,
  content: ProposalContent,
  before: ProposalContent | undefined,
): Promise<
  Refused<'AID_SLIP_WRONG' | 'AID_SLIP_USED'> | { readonly kind: 'named'; readonly writes: readonly Write[] }
> {
  const { aidSlip } = content
  const key = aidSlip && aidSlipKeys.slip(compoundId, aidSlip.approvedOn, aidSlip.slipId)
  const slip = key && (await get(aidSlipItem, key))
  const fault = faultOfNamedSlip(content, slip, before)
  if (fault !== undefined) return fault
  if (key === undefined || slip === undefined) return { kind: 'named', writes: [] }
  const holder = slip.proposalId
  if (holder !== undefined && holder !== proposalId) {
    const state = (await loadProposal(holder))?.item.state
    if (state !== undefined && holdsSlip(state)) return refused('AID_SLIP_USED')
  }
  const put: Write = {
    put: { ...key, ...slip, proposalId },
    condition:
      holder === undefined ? 'attribute_exists(PK) AND attribute_not_exists(proposalId)' : 'proposalId = :holder',
    ...(holder === undefined ? {} : { expression: { values: { ':holder': holder } } }),
  }
  return { kind: 'named', writes: [put] }
}
