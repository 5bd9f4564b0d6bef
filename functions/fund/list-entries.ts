import { listEntries as listEntriesRoute, type LedgerEntry } from '#shared/contracts/fund.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { isWanted, type EntryFilter } from '#shared/domain/fund/entry-filter.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { loadLastClosedDay } from '#functions/platform/table/closed-days.ts'
import { loadEntries, loadEntriesBySeq, loadPostedSale } from './store.ts'
import { windowOf } from './window.ts'

/** Entries of one sale: itself, its settlement, and reversals that are at least 1 fen each; more than this is absurd. */
const SALE_ENTRIES_MAX = 500
const READ_AT_ONCE = 500
/** What one look reads for a filter; a search that goes deeper goes on with the cursor. */
const READ_MAX = 3_000

type Found = { readonly items: LedgerEntry[]; readonly nextCursor?: string }

export const listEntries = openHttp(listEntriesRoute, async ({ params, query }, { caller, now }) => {
  const { saleId, seq, cursor, limit = PAGE_MAX, ...filter } = query
  if (filter.fromDay !== undefined && filter.toDay !== undefined && filter.fromDay > filter.toDay) {
    throw new Invalid({ toDay: 'before fromDay' })
  }
  const window = await windowOf(params.compoundId, caller, now)
  const last = (await window.standing()).seq
  const before = cursor === undefined ? Math.min(last, seq ?? last) + 1 : seqOf(cursor)
  const to = Math.min(last, before - 1)
  const fundId = params.compoundId
  if (saleId !== undefined) {
    const found = await entriesOfSale(fundId, saleId, to)
    return page(
      found.filter((entry) => isWanted(entry, filter)),
      limit,
    )
  }
  if (Object.values(filter).every((wish) => wish === undefined)) {
    return page(await loadEntries(fundId, { from: 1, to, limit: limit + 1, newestFirst: true }), limit)
  }
  return search(fundId, await numbersOf(window.head, filter, to), filter, limit)
})

/** The numbers between which the entries of some days lie: times of posting never go back. */
async function numbersOf({ fundId, openDay }: FundHead, { fromDay, toDay }: EntryFilter, to: number) {
  const lastOf = async (day: ShanghaiDay) => (await loadLastClosedDay(fundId, day))?.seq ?? 0
  const [before, last] = await Promise.all([
    fromDay === undefined ? 0 : lastOf(plusDays(fromDay, -1)),
    // While the day that still grows is wanted, the newest entry is.
    toDay === undefined || openDay === undefined || openDay.day <= toDay ? to : lastOf(toDay),
  ])
  return { from: before + 1, to: Math.min(to, last) }
}

/** Newest first, until there are enough, or nothing more, or enough was read for one look. */
async function search(
  fundId: string,
  { from, to }: { readonly from: number; readonly to: number },
  filter: EntryFilter,
  limit: number,
): Promise<Found> {
  const items: LedgerEntry[] = []
  let next = to
  for (let read = 0; next >= from && read < READ_MAX; read += READ_AT_ONCE) {
    const some = await loadEntries(fundId, { from, to: next, limit: READ_AT_ONCE, newestFirst: true })
    for (const entry of some) {
      if (isWanted(entry, filter)) items.push(entry)
      next = entry.seq - 1
      if (items.length === limit) break
    }
    if (items.length === limit || some.length < READ_AT_ONCE) break
  }
  const isThroughTo = next < from
  return isThroughTo ? { items } : { items, nextCursor: cursorOf(next + 1) }
}

async function entriesOfSale(fundId: string, saleId: string, to: number): Promise<LedgerEntry[]> {
  const sale = await loadPostedSale(fundId, saleId)
  const seqs = (sale?.seqs ?? []).filter((seq) => seq <= to)
  return loadEntriesBySeq(fundId, seqs.slice(-SALE_ENTRIES_MAX))
}

function page(found: readonly LedgerEntry[], limit: number): Found {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return found.length > limit && last !== undefined ? { items, nextCursor: cursorOf(last.seq) } : { items }
}

// The sequence number is public; the cursor is opaque only so that nobody builds one by hand and relies on it.
function cursorOf(seq: number): string {
  return Buffer.from(`before:${seq}`).toString('base64url')
}

function seqOf(cursor: string): number {
  const seq = /^before:([1-9]\d{0,11})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (seq === undefined) throw new Invalid({ cursor: 'not a cursor of this list' })
  return Number(seq)
}
