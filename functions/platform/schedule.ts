import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Instant } from '#shared/kernel/time.ts'
import { now } from './clock.ts'
import { log } from './log.ts'

type Counts = Readonly<Record<string, number>>

/** Time a job leaves unused, so that it ends by itself before the platform cuts it off. */
const SPARE_MS = 5_000

/**
 * A scheduled job. It may run twice, late, or be cut off anywhere: every step is conditional, what is left comes with the
 * next tick. `hasTime` says whether another round fits before the platform's own limit.
 */
export function scheduleHandler(name: string, run: (at: Instant, hasTime: () => boolean) => Promise<Counts>) {
  return middy<unknown, Counts, Error, Context>({ timeoutEarlyInMillis: 0 }).handler(async (_event, context) => {
    const startedMs = performance.now()
    const counts = await run(now(), () => context.getRemainingTimeInMillis() > SPARE_MS)
    if (Object.values(counts).some((count) => count > 0)) {
      log('info', 'job', {
        requestId: context.awsRequestId,
        name,
        ...counts,
        durationMs: Math.round(performance.now() - startedMs),
      })
    }
    return counts
  })
}
