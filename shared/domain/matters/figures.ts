import type { RatingSums } from '#shared/contracts/matters.ts'
import { assert } from '#shared/kernel/assert.ts'
import { plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import type { Matter } from './matter.ts'
import type { MatterStep } from './steps.ts'
import { isWithBody } from './transitions.ts'

/** What one step adds to the sums of a compound's month. */
export type MonthDelta = {
  readonly month: string
  readonly sums: Readonly<
    Partial<
      Record<
        'raised' | 'hotline' | 'solved' | 'unsolved' | 'declined' | 'proposed' | 'tookDays' | 'overdue' | 'reopened',
        number
      >
    >
  >
  readonly ratings?: RatingSums
}

/** What one step adds to the sums of a body in a compound and quarter. */
export type BodyDelta = {
  readonly bodyId: string
  readonly quarter: string
  readonly sums: Readonly<Partial<Record<'assigned' | 'left' | 'overdue' | 'solved' | 'unsolved' | 'reopened', number>>>
  readonly ratings?: RatingSums
}

/** `2026-11`, in Shanghai. */
export function monthOf(at: Instant): string {
  return shanghaiDay(at).slice(0, 7)
}

/** `2026-q4`, in Shanghai. */
export function quarterOf(at: Instant): string {
  const [year = '', month = ''] = shanghaiDay(at).split('-')
  return `${year}-q${Math.ceil(Number(month) / 3)}`
}

/** The last moment of the term that is over: terms end when the next day begins. */
function dueDay({ clock }: Matter, step: MatterStep): Instant {
  return clock === undefined ? step.at : plusMs(clock.until, -1)
}

/** What a matter's newest step adds to its compound's month; what was declined, or linked, and comes back was not. */
export function monthDeltas(matter: Matter, step: MatterStep): MonthDelta[] {
  const month = monthOf(step.at)
  const { facts } = step
  switch (facts.act) {
    case 'raise':
      return [{ month, sums: { raised: 1, ...(facts.channel === 'hotline-12345' ? { hotline: 1 } : {}) } }]
    case 'overdue':
      // Of the month in which it was due, however late that is said.
      return [{ month: monthOf(dueDay(matter, step)), sums: { overdue: 1 } }]
    case 'decline':
      return [{ month, sums: { declined: 1 } }]
    case 'link-proposal':
      return [{ month, sums: { proposed: 1 } }]
    case 'come-back':
      return [{ month: monthOfLast(matter, 'link-proposal'), sums: { proposed: -1 } }]
    case 'reopen': {
      const isUnlinked = matter.cameBack?.step === matter.steps.length
      if (isUnlinked) return [{ month: monthOfLast(matter, 'link-proposal'), sums: { proposed: -1 } }]
      if (matter.state !== 'collected') return [{ month, sums: { reopened: 1 } }]
      const before = monthOfLast(matter, 'decline')
      if (before === month) return [{ month, sums: { reopened: 1, declined: -1 } }]
      return [
        { month, sums: { reopened: 1 } },
        { month: before, sums: { declined: -1 } },
      ]
    }
    case 'close': {
      const { solved, tookDays, ratings } = facts
      return [{ month, sums: { [solved ? 'solved' : 'unsolved']: 1, tookDays }, ratings }]
    }
    default:
      return []
  }
}

/** Where its end was counted that is one no more. */
function monthOfLast({ steps }: Matter, act: 'decline' | 'link-proposal'): string {
  const ended = steps.findLast((each) => each.facts.act === act)
  assert(ended !== undefined, 'what comes back had ended')
  return monthOf(ended.at)
}

/**
 * What leaves a body without its answer, and before it was late, is not in what it is measured by: taken from where it was
 * counted as given, so that there is never less than what was late.
 */
function leaving(before: Matter | undefined): BodyDelta[] {
  if (before?.lead === undefined || before.spell === undefined || before.spell.stays) return []
  return [{ bodyId: before.lead.bodyId, quarter: quarterOf(before.spell.at), sums: { left: 1 } }]
}

/** What a matter's newest step adds to the sums of the bodies that have or had it. */
export function bodyDeltas(before: Matter | undefined, matter: Matter, step: MatterStep): BodyDelta[] {
  const quarter = quarterOf(step.at)
  const { facts } = step
  const { lead } = matter
  const of = (bodyId: string | undefined, sums: BodyDelta['sums'], ratings?: RatingSums): BodyDelta[] =>
    bodyId === undefined ? [] : [{ bodyId, quarter, sums, ...(ratings === undefined ? {} : { ratings }) }]
  switch (facts.act) {
    case 'assign':
      return of(facts.lead.bodyId, { assigned: 1 })
    case 'rule':
    case 'supervise': {
      // Who keeps it was given it before.
      if (facts.lead === undefined || facts.lead.bodyId === before?.lead?.bodyId) return []
      return [...of(facts.lead.bodyId, { assigned: 1 }), ...leaving(before)]
    }
    case 'withdraw':
    case 'link-proposal':
      return leaving(before)
    case 'come-back':
      return of(before?.spell?.stays === false ? lead?.bodyId : undefined, { assigned: 1 })
    case 'overdue':
      // A dispute's, a ruling's or a verification's delay is the branch's.
      return isWithBody(matter.state) && lead !== undefined
        ? [{ bodyId: lead.bodyId, quarter: quarterOf(dueDay(matter, step)), sums: { overdue: 1 } }]
        : []
    case 'reopen':
      if (before?.state === 'proposed')
        return of(before.spell?.stays === false ? lead?.bodyId : undefined, { assigned: 1 })
      return of(before?.state === 'verified' ? lead?.bodyId : undefined, { reopened: 1 })
    case 'close':
      return of(lead?.bodyId, { [facts.solved ? 'solved' : 'unsolved']: 1 }, facts.ratings)
    default:
      return []
  }
}
