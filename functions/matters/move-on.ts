import { clockStep, closeMatter, nextOfMatter } from '#shared/domain/matters/decide-system.ts'
import { afterStep, type Matter } from '#shared/domain/matters/matter.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { loadMatter, saveMatterStep, type LoadedMatter } from './matter-store.ts'
import { noticeWrites } from './notice-writes.ts'
import { loadRatings } from './voices-store.ts'

/** Reminded, overdue, overtime: what was missed while nobody ticked follows at once. */
const STEPS_A_TURN = 4

export function isDue(matter: Matter, now: Instant): boolean {
  const next = nextOfMatter(matter)
  return next !== undefined && next.at <= now
}

/** Whatever the clock has to say of a matter by now. How many steps it took. */
export async function moveOn(matterId: string, at: Instant): Promise<number> {
  let moved = 0
  let loaded = await loadMatter(matterId)
  for (let turn = 0; turn < STEPS_A_TURN; turn++) {
    const step = loaded && (await nextStep(loaded, at))
    if (loaded === undefined || step === undefined) return moved
    const next = afterStep(loaded.matter, step)
    const saved = await saveMatterStep(loaded.item, loaded, next, await noticeWrites(loaded.item, next))
    if (saved.kind === 'saved') moved++
    loaded = saved.kind === 'saved' ? saved.loaded : await loadMatter(matterId)
  }
  return moved
}

async function nextStep({ item, matter }: LoadedMatter, at: Instant): Promise<MatterStep | undefined> {
  const next = nextOfMatter(matter)
  if (next === undefined || next.at > at) return undefined
  if (next.act !== 'close') return clockStep(matter, next, at)
  return closeMatter(matter, await loadRatings(item.matterId, matter.round), at, workClockNow())
}
