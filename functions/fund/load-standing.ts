import { standingAt, type Standing } from '#shared/domain/fund/figures.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import type { KeptShare } from '#shared/domain/fund/community-figures.ts'
import { monthStart, plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'
import { loadLastClosedDay } from '#functions/platform/table/closed-days.ts'

/** How a fund stood when the day ended; nothing is read when the head says it. Undefined: it had no entry by then. */
export async function loadStanding(head: FundHead, day: ShanghaiDay): Promise<Standing | undefined> {
  const hasMoved = head.openDay !== undefined && head.openDay.day > day
  return standingAt(head, day, hasMoved ? await loadLastClosedDay(head.fundId, day) : undefined)
}

/** Two finished days of a fund at most, and none of one that rests: what they hold can change no more. */
export async function loadKeptShare(head: FundHead, asOfDay: ShanghaiDay): Promise<KeptShare> {
  const [standing, monthBefore] = await Promise.all([
    loadStanding(head, asOfDay),
    loadStanding(head, plusDays(monthStart(asOfDay), -1)),
  ])
  return { standing, monthBefore, openDay: head.openDay }
}
