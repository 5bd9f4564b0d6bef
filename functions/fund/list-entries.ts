import { listEntries as listEntriesRoute, type LedgerEntry } from '#shared/contracts/fund.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { loadEntries, loadEntriesBySeq, loadPostedSale } from './store.ts'
import { windowOf } from './window.ts'

/** Entries of one sale: itself, its settlement, and reversals that are at least 1 fen each; more than this is absurd. */
const SALE_ENTRIES_MAX = 500

export const listEntries = openHttp(listEntriesRoute, async ({ params, query }, { caller, now }) => {
  const window = await windowOf(params.compoundId, caller, now)
  const last = (await window.standing()).seq
  const before = query.cursor === undefined ? last + 1 : seqOf(query.cursor)
  const limit = query.limit ?? PAGE_MAX
  const to = Math.min(last, before - 1)
  if (query.saleId !== undefined) return page(await entriesOfSale(params.compoundId, query.saleId, to), limit)
  return page(await loadEntries(params.compoundId, { from: 1, to, limit: limit + 1, newestFirst: true }), limit)
})

async function entriesOfSale(fundId: string, saleId: string, to: number): Promise<LedgerEntry[]> {
  const sale = await loadPostedSale(fundId, saleId)
  const seqs = (sale?.seqs ?? []).filter((seq) => seq <= to)
  return loadEntriesBySeq(fundId, seqs.slice(-SALE_ENTRIES_MAX))
}

function page(found: readonly LedgerEntry[], limit: number) {
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
