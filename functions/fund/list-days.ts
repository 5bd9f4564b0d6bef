import { listFundDays as route } from '#shared/contracts/fund-days.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { lastClosedDay } from '#shared/domain/fund/figures.ts'
import type { ClosedDay } from '#shared/domain/fund/head.ts'
import { plusDays, shanghaiDaySchema, type ShanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { decodeCursor, encodeCursor, foreignCursor } from '#functions/platform/table/cursor.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import { compoundOf } from './names.ts'
import { loadHead, loadNewestClosedDays } from './store.ts'

type Day = Pick<ClosedDay, 'day' | 'seq' | 'hash' | 'entryCount' | 'balances'>

/** Only what can grow no more is a root, so everybody sees the same, workers too. */
export const listFundDays = openHttp(route, async ({ params: { compoundId }, query }, { now }) => {
  const compound = await compoundOf(compoundId, now)
  if (compound === undefined) throw new Missing()
  const last = lastClosedDay(now)
  const to = query.cursor === undefined ? last : plusDays(dayOf(compoundId, query.cursor), -1)
  const limit = query.limit ?? PAGE_MAX
  const days = await daysUpTo(compoundId, to < last ? to : last, limit + 1)
  const items = days.slice(0, limit)
  const oldest = items.at(-1)
  return days.length > limit && oldest !== undefined
    ? { items, nextCursor: encodeCursor(listOf(compoundId), oldest.day) }
    : { items }
})

/** Newest first. A day that is over by the clock and still the head's open one is a day like the others. */
async function daysUpTo(fundId: string, to: ShanghaiDay, limit: number): Promise<Day[]> {
  const { openDay, seq, hash, balances } = await loadHead(fundId)
  const open = openDay === undefined || openDay.day > to ? undefined : openDay
  const kept = await loadNewestClosedDays(fundId, to, limit)
  const closed = kept.filter(({ day }) => open === undefined || day < open.day)
  const days: Day[] = open === undefined ? closed : [{ ...open, seq, hash, balances }, ...closed]
  return days.slice(0, limit).map((day) => ({
    day: day.day,
    seq: day.seq,
    hash: day.hash,
    entryCount: day.entryCount,
    balances: day.balances,
  }))
}

const listOf = (fundId: string) => ({
  ...{ table: 'LEDGER_TABLE', pk: ledgerKeys.fundPk(fundId), prefix: 'DAY#', newestFirst: true },
})

function dayOf(fundId: string, cursor: string): ShanghaiDay {
  const day = shanghaiDaySchema.safeParse(decodeCursor(listOf(fundId), cursor))
  if (!day.success) throw foreignCursor()
  return day.data
}
