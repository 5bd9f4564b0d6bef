import type { Act, ProposalContent, ProposalState } from '#shared/contracts/governance.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { hasEnded } from './transitions.ts'

/** What a slip says of itself: nothing of the case behind it is known here. */
export type AidSlipFacts = { readonly compoundId: string; readonly amountFen: number }

const WRONG = (detail: string) => refused('AID_SLIP_WRONG', detail)

/** A project that pays aid is about aid, and about no more than two of the committee approved. */
export function faultOfNamedSlip(
  content: ProposalContent,
  slip: AidSlipFacts | undefined,
  before: ProposalContent | undefined,
): Refused<'AID_SLIP_WRONG'> | undefined {
  const { aidSlip, purpose, lines } = content
  if (before !== undefined && before.aidSlip?.slipId !== aidSlip?.slipId) return WRONG('这件提案用的帮扶单不能换')
  if (aidSlip === undefined) return undefined
  if (purpose !== 'hardship') return WRONG('有帮扶单的，用途要选困难帮扶')
  if (slip === undefined || slip.amountFen !== aidSlip.amountFen) return WRONG('这个小区没有这张帮扶单')
  const sumFen = lines.reduce((sum, { amountFen }) => sum + amountFen, 0)
  return sumFen > slip.amountFen ? WRONG('不能超过帮扶单上的数') : undefined
}

/** What is paid is the chosen quote: it is held to the slip as well. */
export function faultOfSlipCost(
  { aidSlip }: ProposalContent,
  act: Extract<Act, { act: 'cost' }>,
): Refused<'FIGURES_WRONG'> | undefined {
  if (aidSlip === undefined) return undefined
  // Broken off after a first payment it would let the slip go, and the whole sum could be paid once more.
  if (act.milestones !== undefined)
    return refused('FIGURES_WRONG', '帮扶一次付清，不分期', { milestones: '帮扶一次付清，不分期' })
  const costFen = act.quotes[act.chosen]?.amountFen ?? 0
  if (costFen <= aidSlip.amountFen) return undefined
  return refused('FIGURES_WRONG', '不能超过帮扶单上的数', { chosen: '不能超过帮扶单上的数' })
}

/** A project that has ended without paying lets its slip go; one that has paid keeps it for good. */
export function holdsSlip(state: ProposalState): boolean {
  return !hasEnded(state) || state === 'disbursed' || state === 'closed'
}
