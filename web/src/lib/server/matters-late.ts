import chineseDays from 'chinese-days'
import type { MatterSummary } from '#shared/contracts/matters.ts'
import { instant } from '#shared/kernel/time.ts'
import { workClock } from '#shared/kernel/working-days.ts'
import { hasDeadline } from '../matters/stages.ts'

type Dated = Pick<MatterSummary, 'matterId' | 'state' | 'dueAt'>

/** At noon: the library looks at the day that the machine's own clock shows, wherever it stands. */
const work = workClock((day) => chineseDays.isWorkday(new Date(`${day}T12:00:00`)))

/** Of matters whose deadline has passed: how many working days ago, by the same calendar as terms are counted. */
export function lateDaysOf(matters: readonly Dated[], now: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    matters.flatMap(({ matterId, state, dueAt }) => {
      if (dueAt === undefined || !hasDeadline(state) || Date.parse(dueAt) >= now) return []
      // A term ends with its day: what follows counts from there.
      return [[matterId, work.between(instant(Date.parse(dueAt) - 1), instant(now))]]
    }),
  )
}
