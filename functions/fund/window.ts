import { lastClosedDay, type Standing } from '#shared/domain/fund/figures.ts'
import { emptyHead, type FundHead } from '#shared/domain/fund/head.ts'
import { shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { worksFor, type Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadStanding } from './load-standing.ts'
import { compoundOf } from './names.ts'
import { sha256 } from './sha256.ts'
import { loadHead } from './store.ts'

/**
 * What of a fund a caller may see. Workers of its community and administrators see it live. Everybody else sees entries
 * up to the last finished Shanghai day: an entry that appears within the hour would tell neighbours who bought what.
 */
export type Window = {
  readonly compound: NonNullable<Awaited<ReturnType<typeof compoundOf>>>
  readonly view: 'live' | 'closed-days'
  readonly today: ShanghaiDay
  readonly asOfDay: ShanghaiDay
  readonly head: FundHead
  /** Reads the state at the end of the window: nothing to read in the live view. */
  readonly standing: () => Promise<Standing>
}

export async function windowOf(fundId: string, caller: Caller | undefined, now: Instant): Promise<Window> {
  const [compound, head] = await Promise.all([compoundOf(fundId, now), loadHead(fundId)])
  if (compound === undefined) throw new Missing()
  const live = caller !== undefined && worksFor(caller, compound.communityId)
  const { view, today, asOfDay } = daysShown(live, [head], now)
  const standing = async () => {
    if (live) return head
    return (await loadStanding(head, asOfDay)) ?? emptyHead(fundId, sha256)
  }
  return { compound, view, today, asOfDay, head, standing }
}

/** Which days of these funds are shown. */
export function daysShown(
  live: boolean,
  heads: readonly FundHead[],
  now: Instant,
): Pick<Window, 'view' | 'today' | 'asOfDay'> {
  const clockDay = shanghaiDay(now)
  if (!live) return { view: 'closed-days', today: clockDay, asOfDay: lastClosedDay(now) }
  // A writer's clock may be a little ahead of ours: the live view never hides what is posted.
  const today = heads.reduce(
    (last, { openDay }) => (openDay !== undefined && openDay.day > last ? openDay.day : last),
    clockDay,
  )
  return { view: 'live', today, asOfDay: today }
}
