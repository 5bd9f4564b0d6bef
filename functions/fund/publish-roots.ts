import { firstPrevRoot, rootOfDay, type FundStanding } from '#shared/domain/fund/day-root.ts'
import { lastClosedDay } from '#shared/domain/fund/figures.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { assert } from '#shared/kernel/assert.ts'
import { plusDays, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { saveDayRoot } from '#functions/platform/table/ledger.ts'
import { loadStanding } from './load-standing.ts'
import { sha256 } from './sha256.ts'
import { compoundPages, loadDayRoot, loadHeads, loadLastDayRoot, loadRootFunds } from './store.ts'

const READS_AT_ONCE = 16

/**
 * Publishes the root of every finished day that has none, oldest first, each chained to the one before. A day is published
 * whole or not at all, so a run that is cut off goes on where it stopped, and one that runs twice finds the day there. A day
 * that comes late is as it would have been in time: what a fund was at its end is kept. The first root is that of the last
 * finished day.
 */
export async function publishRoots(now: Instant, hasTime: () => boolean): Promise<number> {
  const until = lastClosedDay(now)
  let last = await loadLastDayRoot()
  let published = 0
  for (let day = last === undefined ? until : plusDays(last.day, 1); day <= until; day = plusDays(day, 1)) {
    if (!hasTime()) break
    const standings = await standingsAt(await fundIds(last?.day), day)
    const made = rootOfDay(day, standings, last?.root ?? firstPrevRoot(sha256), sha256)
    await saveDayRoot(made, now)
    // Somebody else may have been faster: what is kept counts, and it has to be the same.
    last = await loadDayRoot(day)
    assert(last?.root === made.root, `the root of ${day} is what the ledgers make of it`)
    published += 1
  }
  return published
}

/** All compounds; the index may lag behind a new one, but no fund that was in a root is ever missing in the next. */
async function fundIds(before: ShanghaiDay | undefined): Promise<string[]> {
  const ids = new Set<string>()
  for await (const page of compoundPages()) for (const id of page) ids.add(id)
  if (before !== undefined) for (const { fundId } of await loadRootFunds(before)) ids.add(fundId)
  return [...ids]
}

async function standingsAt(ids: readonly string[], day: ShanghaiDay): Promise<FundStanding[]> {
  const standings = await inParallel(await loadHeads(ids), READS_AT_ONCE, (head) => standingOf(head, day))
  return standings.flatMap((standing) => standing ?? [])
}

/** Undefined: it had no entry by the end of the day. */
async function standingOf(head: FundHead, day: ShanghaiDay): Promise<FundStanding | undefined> {
  const { fundId } = head
  const standing = await loadStanding(head, day)
  return standing && { fundId, seq: standing.seq, hash: standing.hash }
}
