import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { traceSale as route } from '#shared/contracts/fund-projects.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import type { PostedSale } from '#shared/domain/fund/posted-sale.ts'
import { type Gift, type Paid, potChange, potFen, type TakeBack, traceGift } from '#shared/domain/fund/trace.ts'
import { assert } from '#shared/kernel/assert.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { paidProjectItem } from '#functions/platform/table/items/governance.ts'
import { queryAll } from '#functions/platform/table/table.ts'
import { loadLastClosedDay } from '#functions/platform/table/closed-days.ts'
import { loadEntries, loadEntriesBySeq, loadMarkersByName, loadPostedSale, loadTakeBacks } from './store.ts'
import { windowOf } from './window.ts'

const READ_AT_ONCE = 1_000
/** Of one compound's fund, over all years. */
const PAYMENTS_MAX = 10_000
const NOTHING = { broughtFen: 0, parts: [], correctedFen: 0, unspentFen: 0 }

export const traceSale = openHttp(route, async ({ params: { compoundId, saleId } }, { caller, now }) => {
  const window = await windowOf(compoundId, caller, now)
  const last = (await window.standing()).seq
  const sale = await loadPostedSale(compoundId, saleId)
  const [first] = sale?.seqs ?? []
  // A sale that this caller does not see yet has no trace either.
  if (sale === undefined || first === undefined || first > last) throw new Missing()
  const settlement = (await settlementsOf(compoundId, [sale], last)).get(saleId)
  if (settlement === undefined) return NOTHING
  const takeBacks = await loadTakeBacks(compoundId, last)
  const [gifts, payments, potAfterFen] = await Promise.all([
    giftsOf(compoundId, takeBacks, last),
    loadPayments(compoundId),
    potAfter(settlement),
  ])
  const gift = giftOf(settlement, saleId)
  const seen = payments.filter(({ seq }) => seq <= last)
  const { parts, ...trace } = traceGift(gift, potAfterFen - gift.settledFen, { takeBacks, gifts, payments: seen })
  return { ...trace, parts: [...parts] }
})

function giftOf(settlement: LedgerEntry, saleId: string): Gift {
  return { saleId, settledFen: potChange(settlement), seq: settlement.seq }
}

/** The gifts that something went back of. */
async function giftsOf(fundId: string, takeBacks: readonly TakeBack[], last: number) {
  const saleIds = new Set(takeBacks.flatMap(({ saleId }) => (saleId === undefined ? [] : [saleId])))
  const names = [...saleIds].map((saleId) => `sale:${saleId}`)
  const { sales } = await loadMarkersByName(fundId, names)
  const settlements = await settlementsOf(fundId, [...sales.values()], last)
  return new Map([...settlements].map(([saleId, settlement]) => [saleId, giftOf(settlement, saleId)]))
}

async function settlementsOf(fundId: string, sales: readonly PostedSale[], last: number) {
  const seqs = sales.flatMap((sale) => sale.seqs.filter((seq) => seq <= last))
  const entries = seqs.length === 0 ? [] : await loadEntriesBySeq(fundId, seqs)
  return new Map(
    entries.flatMap((entry) =>
      entry.kind === 'settlement' && entry.saleId !== undefined ? [[entry.saleId, entry] as const] : [],
    ),
  )
}

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
