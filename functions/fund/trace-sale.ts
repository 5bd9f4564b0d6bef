import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { traceSale as route } from '#shared/contracts/fund-projects.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { potChange, potFen, traceFen, type Paid } from '#shared/domain/fund/trace.ts'
import { assert } from '#shared/kernel/assert.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { paidProjectItem } from '#functions/platform/table/items/governance.ts'
import { queryAll } from '#functions/platform/table/table.ts'
import { loadLastClosedDay } from '#functions/platform/table/closed-days.ts'
import { loadEntries, loadEntriesBySeq, loadPostedSale } from './store.ts'
import { windowOf } from './window.ts'

const READ_AT_ONCE = 1_000
/** Of one compound's fund, over all years. */
const PAYMENTS_MAX = 10_000

export const traceSale = openHttp(route, async ({ params: { compoundId, saleId } }, { caller, now }) => {
  const window = await windowOf(compoundId, caller, now)
  const last = (await window.standing()).seq
  const sale = await loadPostedSale(compoundId, saleId)
  const [first] = sale?.seqs ?? []
  // A sale that this caller does not see yet has no trace either.
  if (sale === undefined || first === undefined || first > last) throw new Missing()
  const entries = await loadEntriesBySeq(
    compoundId,
    sale.seqs.filter((seq) => seq <= last),
  )
  const settlement = entries.find(({ kind }) => kind === 'settlement')
  // What went back after the settlement is no gift any more.
  const broughtFen = settlement === undefined ? 0 : entries.reduce((sum, entry) => sum + potChange(entry), 0)
  if (settlement === undefined || broughtFen <= 0) return { broughtFen: 0, parts: [], unspentFen: 0 }
  const fromFen = Math.max(0, (await potAfter(settlement)) - potChange(settlement))
  const payments = (await loadPayments(compoundId)).filter(({ seq }) => seq <= last)
  const parts = traceFen(fromFen, fromFen + broughtFen, payments)
  const spentFen = parts.reduce((sum, { amountFen }) => sum + amountFen, 0)
  return { broughtFen, parts, unspentFen: broughtFen - spentFen }
})

/** In the order in which they were made (pattern G7). */
async function loadPayments(fundId: string): Promise<Paid[]> {
  return queryAll(paidProjectItem, { pk: governanceKeys.paid(fundId, 0).PK, max: PAYMENTS_MAX })
}

/** The pot when this entry was posted: as its day began, and the entries of the day up to it. */
async function potAfter({ fundId, seq, postedAt }: LedgerEntry): Promise<number> {
  const before = await loadLastClosedDay(fundId, plusDays(shanghaiDay(postedAt), -1))
  let pot = before === undefined ? 0 : potFen(before.balances)
  let next = (before?.seq ?? 0) + 1
  while (next <= seq) {
    const some = await loadEntries(fundId, { from: next, to: seq, limit: READ_AT_ONCE })
    assert(some.length > 0, 'the ledger has no gap')
    for (const entry of some) pot += potChange(entry)
    next += some.length
  }
  return pot
}
