import { REPEATS_PER_COOP_MAX, type RepeatWeek } from '#shared/contracts/group-buys.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, HOUR_MS, plusMs, toMs, type Instant } from '#shared/kernel/time.ts'
import { weeksAhead, weeksLater } from './next-edition.ts'
import type { GroupBuyState } from './states.ts'
import type { Window } from './window.ts'

/** The next edition is opened a day before people can order, so that they see it coming and the co-op can still act. */
export const ANNOUNCED_MS = DAY_MS
/** What was refused may be mended (a listing resumed, a pairing renewed): it is tried again until the opening time. */
export const RETRY_MS = HOUR_MS

/** How far a repetition is. `window` is that of the group buy that is repeated, `week` the edition that comes next. */
export type Repetition = {
  readonly window: Window
  readonly week: number
  readonly lastWeek?: number | undefined
  readonly dueAt: Instant
}

export type RepeatRefusal = 'GROUP_BUY_CANCELLED' | 'TOO_MANY_REPEATS'

type StartFacts = {
  readonly state: GroupBuyState
  readonly window: Window
  readonly running: Repetition | undefined
  /** Of the co-op, this one not counted. */
  readonly others: number
  readonly weeks: number | undefined
  readonly now: Instant
}

/** Begins a repetition, or changes how long it goes on: the edition that comes next stays the same. */
export function startRepeating(facts: StartFacts): Repetition | Refused<RepeatRefusal> {
  const { state, window, running, others, weeks, now } = facts
  if (state === 'cancelled') return refused('GROUP_BUY_CANCELLED', '这个团购已取消，不能每周重开')
  if (running === undefined && others >= REPEATS_PER_COOP_MAX) {
    return refused('TOO_MANY_REPEATS', `最多 ${REPEATS_PER_COOP_MAX} 个团购每周自动开，请先停掉几个`)
  }
  const week = running?.week ?? weeksAhead(window.opensAt, now)
  return {
    window,
    week,
    ...(weeks === undefined ? {} : { lastWeek: week + weeks - 1 }),
    dueAt: running?.dueAt ?? dueAtOf(window, week),
  }
}

/**
 * What the clock has to do. A late clock still opens an edition of which more than half of the ordering time is left; one
 * that is past that is missed, and never opened in the past.
 */
export function turnOf({ window, week, dueAt }: Repetition, now: Instant): 'wait' | 'open' | 'missed' {
  if (toMs(now) < toMs(dueAt)) return 'wait'
  const { opensAt, closesAt } = weeksLater(window, week)
  const half = (toMs(opensAt) + toMs(closesAt)) / 2
  return toMs(now) < half ? 'open' : 'missed'
}

type Tried = { readonly outcome: RepeatWeek['outcome'] }

/** Whether a week's outcome may still change: a refusal before the opening time is tried again. */
export function isFinalWeek({ outcome }: Tried, { window, week }: Repetition, now: Instant): boolean {
  return outcome !== 'refused' || toMs(now) >= toMs(weeksLater(window, week).opensAt)
}

/** Where a repetition stands after a week was tried; nothing once its last week is over. */
export function afterWeek(repetition: Repetition, tried: Tried, now: Instant): Repetition | undefined {
  const { window, week, lastWeek } = repetition
  if (!isFinalWeek(tried, repetition, now)) {
    const { opensAt } = weeksLater(window, week)
    const again = plusMs(now, RETRY_MS)
    return { ...repetition, dueAt: again < opensAt ? again : opensAt }
  }
  assert(lastWeek === undefined || week <= lastWeek, 'no week after the last one is tried')
  if (week === lastWeek) return undefined
  return { ...repetition, week: week + 1, dueAt: dueAtOf(window, week + 1) }
}

function dueAtOf(window: Window, week: number): Instant {
  return plusMs(weeksLater(window, week).opensAt, -ANNOUNCED_MS)
}
