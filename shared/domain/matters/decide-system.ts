import type { RatingSums } from '#shared/contracts/matters.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { WorkClock } from '#shared/kernel/working-days.ts'
import { termBack } from './decide-act.ts'
import type { Matter } from './matter.ts'
import type { MatterStep } from './steps.ts'
import { isWithBody } from './transitions.ts'

/** What waits for the clock, and from when on. */
export type MatterDue = { readonly act: 'remind' | 'overdue' | 'overtime' | 'presume' | 'close'; readonly at: Instant }

/** The next thing that the system does by itself; undefined when a person has to do something first. */
export function nextOfMatter(matter: Matter): MatterDue | undefined {
  const { state, closeAt, disputeUntil } = matter
  if (state === 'verified') return closeAt === undefined ? undefined : { act: 'close', at: closeAt }
  const waits = clockOf(matter)
  // Who says nothing for a day has taken it: whoever was asked first keeps it (首接负责).
  const presumed =
    state === 'assigned' && disputeUntil !== undefined ? { act: 'presume' as const, at: disputeUntil } : undefined
  if (presumed === undefined) return waits
  return waits === undefined || presumed.at <= waits.at ? presumed : waits
}

function clockOf({ clock, extension, state }: Matter): MatterDue | undefined {
  if (clock === undefined) return undefined
  // What the branch has not decided yet is not the body's delay.
  const isAsked = extension?.decided === 'asked' && isWithBody(state)
  const overdueAt = isAsked ? clock.overtimeAt : clock.until
  if (!clock.reminded && clock.remindAt < overdueAt) return { act: 'remind', at: clock.remindAt }
  if (!clock.overdue) return { act: 'overdue', at: overdueAt }
  return clock.overtime ? undefined : { act: 'overtime', at: clock.overtimeAt }
}

/** A step of the clock that needs nothing else. A reminder that comes too late is the news that it is overdue. */
export function clockStep(matter: Matter, due: MatterDue, now: Instant): MatterStep {
  assert(due.act !== 'close', 'ratings are counted first')
  const isLate = due.act === 'remind' && matter.clock !== undefined && now >= matter.clock.until
  const isDelayed = isLate && matter.extension?.decided !== 'asked'
  return { at: now, actor: 'system', facts: { act: isDelayed ? 'overdue' : due.act } }
}

/** The proposal that it went on as ended without being carried out: it is where it was, with a new term. */
export function comeBackStep(matter: Matter, now: Instant, work: WorkClock): MatterStep {
  const { state, proposalId } = matter
  assert(state === 'proposed' && proposalId !== undefined, 'it went on as a proposal')
  return {
    at: now,
    actor: 'system',
    facts: { act: 'come-back', proposalId },
    term: termBack(matter, now, work),
  }
}

export type MatterRating = {
  readonly answered: boolean
  readonly solved: boolean
  /** 1 to 5. */
  readonly score: number
  /** By who raised it, or for them. */
  readonly byReporter: boolean
}

export function sumRatings(ratings: readonly MatterRating[]): RatingSums {
  const count = (is: (rating: MatterRating) => boolean) => ratings.filter(is).length
  return {
    count: ratings.length,
    answered: count(({ answered }) => answered),
    solved: count(({ solved }) => solved),
    scores: [1, 2, 3, 4, 5].map((score) => count((rating) => rating.score === score)),
  }
}

/** The end of the time to rate. Solved: the branch has seen it, and nobody who raised it says otherwise. */
export function closeMatter(
  matter: Matter,
  ratings: readonly MatterRating[],
  now: Instant,
  work: WorkClock,
): MatterStep {
  const { verification, answer, raisedAt } = matter
  assert(verification !== undefined && answer !== undefined, 'it was answered and verified')
  const isDenied = ratings.some(({ byReporter, solved }) => byReporter && !solved)
  return {
    at: now,
    actor: 'system',
    facts: {
      act: 'close',
      solved: verification.solved && !isDenied,
      tookDays: work.between(raisedAt, answer.at),
      ratings: sumRatings(ratings),
    },
  }
}
