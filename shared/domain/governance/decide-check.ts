import { STEPS_MAX, type Actor } from '#shared/contracts/governance.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { PersonIn } from './persons.ts'
import type { Proposal } from './proposal.ts'
import { countedSteps, type Facts, type Step } from './steps.ts'

/**
 * A check 拨付前核验 that stopped a payment, as far as it is the proposal's matter: everybody reads that it was stopped, and two
 * persons may let it through. They override what they have read: nobody can before a check was asked and did not say yes, and
 * what it says differently later has to be overridden anew.
 */
export type CheckStopped = NonNullable<Extract<Facts, { readonly act: 'checked' }>['stops']>[number]

/** The supervisor, and one of the committee or the charity. */
const OVERRIDES = 2
/** A checker that says something else each time leaves room for what moves the proposal on. */
const STEPS_OF_STOPS_MAX = STEPS_MAX - 60

/**
 * That checks stopped the payment, where that is news: all that stand in its way by now, with every reason, for whoever
 * overrides does so for all of them. Those that two persons have overridden stay overridden by two, anew.
 */
export function stopStep(proposal: Proposal, closed: readonly CheckStopped[], now: Instant): Step | undefined {
  const known = stopsOf(proposal)
  const kept = known.filter(({ checkId }) => overriddenChecks(proposal).includes(checkId))
  const fresh = kept.filter(({ checkId }) => closed.every((each) => each.checkId !== checkId))
  const stops = [...fresh, ...closed].toSorted((left, right) => (left.checkId < right.checkId ? -1 : 1))
  if (sameStops(stops, known)) return undefined
  const reasons = [...new Set(stops.flatMap(({ note }) => (note === undefined ? [] : [note])))]
  const facts = {
    act: 'checked' as const,
    verdict: stops.some(({ verdict }) => verdict === 'said-no') ? ('said-no' as const) : ('silent' as const),
    checkIds: stops.map(({ checkId }) => checkId),
    ...(reasons.length === 0 ? {} : { note: reasons.join('\n') }),
    stops,
  }
  return { at: now, actor: 'system', facts }
}

function sameStops(left: readonly CheckStopped[], right: readonly CheckStopped[]): boolean {
  const isSame = ({ checkId, verdict, note }: CheckStopped, at: number) =>
    right[at]?.checkId === checkId && right[at].verdict === verdict && right[at].note === note
  return left.length === right.length && left.every(isSame)
}

/** What each check said that the present stop names. */
function stopsOf({ stop }: Proposal): readonly CheckStopped[] {
  if (stop === undefined) return []
  const { checkIds, stops, verdict, note } = stop.facts
  // Before each was told apart, all were kept together.
  return stops ?? checkIds.map((checkId) => ({ checkId, verdict, ...(note === undefined ? {} : { note }) }))
}

/** Checks that have stopped this approval and not said yes since, whether they are on or off by now; two override them. */
export function openStops(proposal: Proposal): readonly CheckStopped[] {
  const overridden = overriddenChecks(proposal)
  return stopsOf(proposal).filter(({ checkId }) => !overridden.includes(checkId))
}

/**
 * Of those the ones that are not asked once more: they are off, or what they say could not be written down any more. Then the
 * stop that is written stands, and an override is for what everybody reads.
 */
export function unaskedChecks(proposal: Proposal, on: readonly string[]): readonly string[] {
  const isFull = countedSteps(proposal.steps) >= STEPS_OF_STOPS_MAX
  return openStops(proposal).flatMap(({ checkId }) => (isFull || !on.includes(checkId) ? [checkId] : []))
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
  return actor !== 'supervisor' && (parts.has('acceptor') || parts.has('past-acceptor'))
    ? refused('FOUR_EYES', '您验收过这个项目，要请另一位放行')
    : undefined
}

/** Both override the same stop: what was written for one counts on no other that has come since. */
export function faultOfStop({ stop }: Proposal, number: number | undefined): Refused<'STOP_CHANGED'> | undefined {
  return stop === undefined || stop.number === number
    ? undefined
    : refused('STOP_CHANGED', '核验又有了新的结果，请看过再决定是否放行')
}
