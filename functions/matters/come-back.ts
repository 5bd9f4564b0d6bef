import { comeBackStep } from '#shared/domain/matters/decide-system.ts'
import { afterStep } from '#shared/domain/matters/matter.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { proposalInVainItem } from '#functions/platform/table/items/governance.ts'
import { ALWAYS, query, transact } from '#functions/platform/table/table.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { loadMatter, pageOfLinked, saveMatterStep } from './matter-store.ts'
import { noticeWrites } from './notice-writes.ts'

const MARKS_A_PAGE = 25
const MATTERS_A_PAGE = 25
const AT_ONCE = 4
const ATTEMPTS_MAX = 4

type Counts = { readonly back: number; readonly failed: number }

/**
 * Brings back what went on as a proposal that ended without being carried out (pattern G10). The mark that says so was written
 * with the proposal's last step and goes when nothing is linked any more; a matter's link goes with the step that brings it
 * back. Cut off anywhere, or done by two at once, each comes back once.
 */
export async function bringBack(at: Instant, hasTime: () => boolean): Promise<Counts> {
  const counts = { back: 0, failed: 0 }
  const { GSI1PK: pk } = governanceIndex.inVain('', '')
  let cursor: string | undefined
  do {
    const page = await query(proposalInVainItem, { pk, index: 'GSI1', limit: MARKS_A_PAGE, cursor })
    for (const { proposalId } of page.items) {
      if (!hasTime()) return counts
      const { back, failed } = await bringBackFrom(proposalId, at, hasTime)
      counts.back += back
      counts.failed += failed
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
}

async function bringBackFrom(proposalId: string, at: Instant, hasTime: () => boolean): Promise<Counts> {
  const counts = { back: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfLinked(proposalId, MATTERS_A_PAGE, cursor)
    await inParallel(page.items, AT_ONCE, async ({ matterId }) => {
      if (!hasTime()) return
      // One that cannot come back must not keep the others waiting.
      try {
        if (await bringOneBack(matterId, proposalId, at)) counts.back++
      } catch (error) {
        counts.failed++
        log('error', 'matter not brought back', { matterId, why: error instanceof Error ? error.message : '' })
      }
    })
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  // Read once more, for whoever failed: nothing can be linked to it since it ended.
  const left = await pageOfLinked(proposalId, 1)
  if (left.items.length === 0) await transact([{ delete: governanceKeys.inVain(proposalId), condition: ALWAYS }])
  return counts
}

/** Whether it was this turn that did. Somebody else's step in between only means to look once more. */
async function bringOneBack(matterId: string, proposalId: string, at: Instant): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const loaded = await loadMatter(matterId)
    if (loaded?.matter.state !== 'proposed' || loaded.matter.proposalId !== proposalId) return false
    const next = afterStep(loaded.matter, comeBackStep(loaded.matter, at, workClockNow()))
    const saved = await saveMatterStep(loaded.item, loaded, next, await noticeWrites(loaded.item, next))
    if (saved.kind === 'saved') return true
  }
  return false
}
