import { clockStep, closeMatter, nextOfMatter } from '#shared/domain/matters/decide-system.ts'
import { afterStep } from '#shared/domain/matters/matter.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { DUE_SHARDS } from '#functions/platform/table/matter-keys.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { loadMatter, pageOfDue, saveMatterStep, type LoadedMatter } from './matter-store.ts'
import { noticeWrites } from './notice-writes.ts'
import { loadRatings } from './voices-store.ts'

/** Reminded, overdue, overtime: what was missed while nobody ticked follows at once. */
const STEPS_A_TURN = 4
const AT_ONCE = 4

/**
 * Each minute: bodies that said nothing have taken what they were given, who is late is reminded once and said to be overdue
 * once, what is overdue for long is the supervisor's, ratings that are over are counted. Late, twice or cut off, the result is
 * the same.
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
  return counts
})

async function moveOn(matterId: string, at: Instant): Promise<number> {
  let moved = 0
  for (let turn = 0; turn < STEPS_A_TURN; turn++) {
    const loaded = await loadMatter(matterId)
    const step = loaded && (await nextStep(loaded, at))
    if (loaded === undefined || step === undefined) return moved
    const next = afterStep(loaded.matter, step)
    const saved = await saveMatterStep(loaded.item, loaded.matter, next, await noticeWrites(loaded.item, next))
    if (saved === 'saved') moved++
  }
  return moved
}

async function nextStep({ item, matter }: LoadedMatter, at: Instant): Promise<MatterStep | undefined> {
  const next = nextOfMatter(matter)
  if (next === undefined || next.at > at) return undefined
  if (next.act !== 'close') return clockStep(matter, next, at)
  return closeMatter(matter, await loadRatings(item.matterId, matter.verification?.at), at, workClockNow())
}
