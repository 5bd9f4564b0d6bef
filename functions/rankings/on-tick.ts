import { clockStep } from '#shared/domain/rankings/decide-system.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { dueRankings, loadNeighbours, loadRanking, neighbourChecks, saveStep } from './ranking-store.ts'

const AT_ONCE_MAX = 50

/**
 * Each minute: what was in preview, and waits for no appeal that may still be decided in time, is published; what was on notice
 * for seven days is final, and opens motions. Late, twice or cut off, the result is the same.
 */
export const handler = scheduleHandler('rankings', async (at, hasTime) => {
  const counts = { moved: 0, failed: 0 }
  for (const rankingId of await dueRankings(at, AT_ONCE_MAX)) {
    if (!hasTime()) break
    try {
      const loaded = await loadRanking(rankingId)
      if (loaded === undefined) continue
      const neighbours = await loadNeighbours(rankingId)
      const beside = { before: neighbours.before?.ranking, after: neighbours.after?.ranking }
      const step = clockStep(loaded.ranking, loaded.item.quarter, beside, at, governanceDayMs())
      if (step === undefined) continue
      // What opens a motion rests on the neighbours as they were read; whoever moves them meanwhile lets the next tick try.
      const also = step.facts.act === 'finish' ? neighbourChecks(rankingId, neighbours) : []
      if ((await saveStep(loaded, step, also)) === 'saved') counts.moved++
    } catch (error) {
      counts.failed++
      log('error', 'ranking not moved', { rankingId, why: error instanceof Error ? error.message : '' })
    }
  }
  return counts
})
