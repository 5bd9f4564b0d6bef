import type { AidPart, AidState } from '#shared/contracts/aid.ts'
import { assert } from '#shared/kernel/assert.ts'
import { DAY_MS, type Instant, plusMs, shanghaiDay, type ShanghaiDay } from '#shared/kernel/time.ts'
import { aidDays, APPROVALS } from './rules.ts'
import type { AidStep } from './steps.ts'
import { aidTransitions } from './transitions.ts'

type Who = { readonly personId: string; readonly householdId?: string }
export type Approval = Who & { readonly amountFen: number }

/** A case as its steps say. */
export type AidCase = {
  readonly steps: readonly AidStep[]
  /** The household that is to be helped. */
  readonly householdId: string
  readonly raisedAt: Instant
  readonly raisedBy: Who & { readonly part: AidPart }
  /** As its steps say; whether its time is over, `stateAt` tells. */
  readonly state: AidState
  readonly visitedBy?: Who
  /** The latest of each person. */
  readonly approvals: readonly Approval[]
  readonly approved?: {
    readonly at: Instant
    readonly amountFen: number
    readonly slipId: string
    readonly on: ShanghaiDay
  }
  readonly slipUsed?: true
  readonly readings: readonly { readonly personId: string; readonly at: Instant }[]
  readonly recused: readonly string[]
  /** From then on what was written is not there for anybody; a withdrawal deletes it at once. */
  readonly wordsUntil: Instant
  /** From then on the case itself is not there either. */
  readonly recordUntil: Instant
}

export function foldAid(householdId: string, steps: readonly AidStep[]): AidCase {
  const [first, ...rest] = steps
  assert(first?.facts.act === 'raise', 'a case begins with who raised it')
  const begun: AidCase = {
    ...{ steps: [first], householdId, raisedAt: first.at, raisedBy: { ...whoOf(first), part: first.part } },
    ...{ state: 'raised', approvals: [], readings: [], recused: [] },
    wordsUntil: plusMs(first.at, aidDays.undecided * DAY_MS),
    recordUntil: plusMs(first.at, aidDays.record * DAY_MS),
  }
  return rest.reduce(afterAidStep, begun)
}

export function afterAidStep(before: AidCase, step: AidStep): AidCase {
  const next = { ...moved(before, step), steps: [...before.steps, step] }
  assert(step.facts.act !== 'raise', 'a case is raised once')
  assert(aidTransitions[before.state][step.facts.act]?.includes(next.state) === true, 'a step leads where it may')
  return next
}

function moved(before: AidCase, step: AidStep): AidCase {
  const { facts, at, personId } = step
  switch (facts.act) {
    case 'raise':
      return before
    case 'read':
      return { ...before, readings: [...before.readings, { personId, at }] }
    case 'visit':
      return { ...before, state: 'visited', visitedBy: whoOf(step) }
    case 'approve':
      return approved(before, { ...whoOf(step), amountFen: facts.amountFen }, at, facts.slipId)
    case 'refuse':
      return { ...before, state: 'refused', wordsUntil: plusMs(at, aidDays.refused * DAY_MS) }
    case 'recuse': {
      // Who turns out to be bound to the household has approved nothing, unless it is decided.
      const approvals = before.approvals.filter((each) => each.personId !== personId)
      const kept = before.state === 'approved' ? before.approvals : approvals
      return { ...before, recused: [...before.recused, personId], approvals: kept }
    }
    case 'withdraw':
      return { ...before, state: 'withdrawn', wordsUntil: at, ...(facts.slipUsed === true ? { slipUsed: true } : {}) }
  }
}

function approved(before: AidCase, approval: Approval, at: Instant, slipId: string): AidCase {
  const others = before.approvals.filter(({ personId }) => personId !== approval.personId)
  const approvals = [...others, approval]
  // Two households that mean the same sum; who lives nowhere here is a household by themselves.
  const same = approvals.filter(({ amountFen }) => amountFen === approval.amountFen)
  const households = new Set(same.map(({ householdId, personId }) => householdId ?? personId))
  if (households.size < APPROVALS) return { ...before, approvals }
  return {
    ...{ ...before, approvals, state: 'approved' },
    approved: { at, amountFen: approval.amountFen, slipId, on: shanghaiDay(at) },
    wordsUntil: plusMs(at, aidDays.approved * DAY_MS),
  }
}

const whoOf = ({ personId, householdId }: AidStep): Who => ({
  personId,
  ...(householdId === undefined ? {} : { householdId }),
})

/** Where it stands now: a case whose words ran out before anybody decided has lapsed. */
export function stateAt({ state, wordsUntil }: AidCase, now: Instant): AidState {
  return (state === 'raised' || state === 'visited') && now >= wordsUntil ? 'lapsed' : state
}

/**
 * Whether the household waits with another one: one case at a time, and one sum that is or may be paid in the time that an
 * approval holds, so that nobody splits what the households would have to vote on.
 */
export function holdsUpAnother(aid: AidCase, now: Instant): boolean {
  const state = stateAt(aid, now)
  if (state === 'raised' || state === 'visited') return true
  if (aid.approved === undefined || (state === 'withdrawn' && aid.slipUsed !== true)) return false
  return now < plusMs(aid.approved.at, aidDays.approved * DAY_MS)
}

export function hasWords({ state, wordsUntil }: AidCase, now: Instant): boolean {
  return state !== 'withdrawn' && now < wordsUntil
}
