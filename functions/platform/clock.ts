import { instant, type Instant } from '#shared/kernel/time.ts'

/** The one clock of the shell. Domain functions get its reading as an argument. */
export function now(): Instant {
  return instant(Date.now())
}
