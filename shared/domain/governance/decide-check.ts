import type { Actor } from '#shared/contracts/governance.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { PersonIn } from './persons.ts'
import type { Proposal } from './proposal.ts'
import type { Facts, Step } from './steps.ts'

/**
 * A check 拨付前核验 that stopped a payment, as far as it is the proposal's matter: everybody reads that it was stopped, and two
 * persons may let it through. They override what is known: nobody can before a check was asked and did not say yes, and what
 * it says differently later has to be overridden anew.
 */
export type StopFacts = Omit<Extract<Facts, { readonly act: 'checked' }>, 'act'>

/** The supervisor, and one of the committee or the charity. */
const OVERRIDES = 2
/** A checker that says something else each time does not fill the proposal: what it said last is what stands. */
export const STOPS_MAX = 8

/** That checks stopped the payment, where that is news. Those that two persons have overridden stay overridden by two, anew. */
export function stopStep(proposal: Proposal, { verdict, checkIds, note }: StopFacts, now: Instant): Step | undefined {
  const { stop, steps } = proposal
  const stopping = [...new Set([...overriddenChecks(proposal), ...checkIds])].sort()
  const known = stop?.facts
  const isSame = known?.verdict === verdict && known.note === note && known.checkIds.join() === stopping.join()
  const isMuch = steps.filter(({ facts }) => facts.act === 'checked').length >= STOPS_MAX
  // One that is not named there could never be overridden: that is always news.
  const isCovered = stopping.every((checkId) => known?.checkIds.includes(checkId))
  if (isSame || (isMuch && isCovered)) return undefined
  const facts = { act: 'checked' as const, verdict, checkIds: stopping, ...(note === undefined ? {} : { note }) }
  return { at: now, actor: 'system', facts }
}

/** The checks that need not be asked. */
export function overriddenChecks({ stop }: Proposal): readonly string[] {
  return stop !== undefined && stop.overriddenBy.length >= OVERRIDES ? stop.facts.checkIds : []
}

export function hasOverridden({ stop }: Proposal, actor: Actor): boolean {
  const isSupervisor = actor === 'supervisor'
  return stop?.overriddenBy.some((by) => (by === 'supervisor') === isSupervisor) ?? false
}

/** Of the two one is the supervisor; the other has accepted nothing of it. */
export function faultOfOverride(
  proposal: Proposal,
  actor: Actor,
  { parts }: PersonIn,
): Refused<'NOT_NOW' | 'FOUR_EYES'> | undefined {
  if (proposal.stop === undefined) return refused('NOT_NOW', '没有核验拦住这笔付款，不用放行')
  if (hasOverridden(proposal, actor))
    return refused('NOT_NOW', '要监督员一位、管委会或慈善组织一位：您这一方已经有人放行了')
  return actor !== 'supervisor' && parts.has('acceptor')
    ? refused('FOUR_EYES', '您验收过这个项目，要请另一位放行')
    : undefined
}
