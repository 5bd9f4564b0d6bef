import { standingAt, type Standing } from '#shared/domain/fund/figures.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { loadLastClosedDay } from './store.ts'

/** How a fund stood when the day ended; nothing is read when the head says it. Undefined: it had no entry by then. */
export async function loadStanding(head: FundHead, day: ShanghaiDay): Promise<Standing | undefined> {
  const hasMoved = head.openDay !== undefined && head.openDay.day > day
  return standingAt(head, day, hasMoved ? await loadLastClosedDay(head.fundId, day) : undefined)
}
