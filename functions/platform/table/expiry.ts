import { type Instant, toMs } from '#shared/kernel/time.ts'

/** As a table's time to live counts. The table drops what has run out within days; for everybody it is gone on time. */
export const secondsOf = (at: Instant): number => Math.floor(toMs(at) / 1000)
