import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { DUE_SHARDS } from '#functions/platform/table/matter-keys.ts'
import { bringBack } from './come-back.ts'
import { pageOfDue } from './matter-store.ts'
import { moveOn } from './move-on.ts'

const AT_ONCE = 4

/**
 * Each minute: bodies that said nothing have taken what they were given, who is late is reminded once and said to be overdue
 * once, what is overdue for long is the supervisor's, ratings that are over are counted, what went on as a proposal that came
 * to nothing is back. Late, twice or cut off, the result is the same.
 */
export const handler = scheduleHandler('matters', async (at, hasTime) => {
  const counts = { moved: 0, failed: 0 }
  for (let shard = 0; shard < DUE_SHARDS; shard++) {
    let cursor: string | undefined
    do {
      const page = await pageOfDue(shard, at, cursor)
      await inParallel(page.items, AT_ONCE, async ({ matterId }) => {
        if (!hasTime()) return
        try {
          // Added after the wait: others are counted meanwhile.
          const moved = await moveOn(matterId, at)
          counts.moved += moved
        } catch (error) {
          counts.failed++
          log('error', 'matter not moved', { matterId, why: error instanceof Error ? error.message : '' })
        }
      })
      cursor = page.nextCursor
    } while (cursor !== undefined && hasTime())
  }
  const { back, failed } = await bringBack(at, hasTime)
  return { moved: counts.moved + back, failed: counts.failed + failed }
})
