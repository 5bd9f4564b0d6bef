import { clockStep } from '#shared/domain/sunshine/clock.ts'
import { fundDueAt } from '#shared/domain/sunshine/decide-publish.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { beginFunds } from './begin-funds.ts'
import { type Loaded, loadDisclosure, namedOf, pageOfDue, publicationWrite, saveStep } from './disclosure-store.ts'
import { fundSnapshot } from './fund-snapshot.ts'
import { publishStep, sha256Of } from './publication.ts'

const A_PAGE = 50

/**
 * Each minute: deadlines that have passed are told, each once, and the quarters of the fund that are over are published. Late,
 * twice or cut off, the result is the same.
 */
export const handler = scheduleHandler('sunshine', async (at, hasTime) => {
  const dayMs = governanceDayMs()
  const counts = { begun: 0, moved: 0, failed: 0 }
  let cursor: string | undefined
  do {
    // What fails stays due, and is no reason for those after it to wait.
    const page = await pageOfDue(at, { limit: A_PAGE, cursor })
    for (const { disclosureId } of page.items) {
      if (!hasTime()) return counts
      try {
        if (await move(disclosureId, at, dayMs)) counts.moved++
      } catch (error) {
        counts.failed++
        log('error', 'disclosure not moved', { disclosureId, why: error instanceof Error ? error.message : '' })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  counts.begun = await beginFunds(at, dayMs, hasTime)
  return counts
})

async function move(disclosureId: string, now: Instant, dayMs: number): Promise<boolean> {
  const loaded = await loadDisclosure(disclosureId)
  if (loaded === undefined) return false
  const step = clockStep(loaded.disclosure, now, dayMs)
  if (step !== undefined) return (await saveStep(loaded, step, dayMs)) !== 'again'
  return publishFund(loaded, now, dayMs)
}

/** What cannot be published (its figures do not agree) becomes late, where everybody sees it; and is tried again. */
async function publishFund(loaded: Loaded, now: Instant, dayMs: number): Promise<boolean> {
  const { item, disclosure } = loaded
  const dueAt = item.book === 'fund' ? fundDueAt(disclosure, item.quarter) : undefined
  if (dueAt === undefined || dueAt > now) return false
  const snapshot = await fundSnapshot(namedOf(item), now)
  const step = publishStep(snapshot, undefined, now, dayMs)
  return (await saveStep(loaded, step, dayMs, [publicationWrite(snapshot, sha256Of(snapshot))])) !== 'again'
}
