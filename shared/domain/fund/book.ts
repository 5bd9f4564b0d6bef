import type { EntryKind, LedgerEntry } from '#shared/contracts/fund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { applyPostings, postingsOf, type Balances, type FundPosting } from './accounts.ts'
import { canonicalJson } from './canonical-json.ts'
import { addSums, cellKey, NO_SUMS, type Cell, type Sums } from './day-sums.ts'
import { addToDonor, byDonor, carryE4Fen, donorKey, wholeFen, type DonorSums } from './donor-sums.ts'
import type { ClosedDay, FundHead, Sha256, Totals } from './head.ts'
import { hasDonor, saleFacts, type SaleFacts } from './posted-sale.ts'

/** A head taken apart to be worked on: the poster writes entries into it, the verifier replays entries through it. */
export type Book = {
  readonly fundId: string
  seq: number
  hash: string
  lastPostedAt: Instant | undefined
  readonly balances: Balances
  readonly donors: Map<string, DonorSums>
  totals: Totals
  openDay: { readonly day: string; entryCount: number; readonly cells: Map<string, Cell> } | undefined
}

export function openBook(head: FundHead): Book {
  return {
    fundId: head.fundId,
    seq: head.seq,
    hash: head.hash,
    lastPostedAt: head.lastPostedAt,
    balances: { ...head.balances },
    donors: new Map(head.donors.map((donor) => [donorKey(donor.agreementId, donor.coopId), donor])),
    totals: head.totals,
    openDay: head.openDay && {
      day: head.openDay.day,
      entryCount: head.openDay.entryCount,
      cells: new Map(head.openDay.cells.map((cell) => [cellKey(cell), cell])),
    },
  }
}

export function headOf(book: Book): FundHead {
  return {
    fundId: book.fundId,
    seq: book.seq,
    hash: book.hash,
    ...(book.lastPostedAt === undefined ? {} : { lastPostedAt: book.lastPostedAt }),
    balances: { ...book.balances },
    donors: [...book.donors.values()].sort(byDonor),
    totals: book.totals,
    ...(book.openDay === undefined ? {} : { openDay: openDaySums(book.openDay) }),
  }
}

function openDaySums(openDay: NonNullable<Book['openDay']>) {
  const cells = [...openDay.cells].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, cell]) => cell)
  return { day: openDay.day, entryCount: openDay.entryCount, cells }
}

/** What happened, before the ledger says what follows from it. */
export type Change = {
  readonly kind: EntryKind
  readonly eventId: string
  readonly occurredAt: Instant
  readonly sale: SaleFacts
  /** By how much net sales change: plus a sale, minus a reversal, 0 for a settlement. */
  readonly amountFen: number
  /** By how much the settled part of net sales changes, in fen: a settlement, or a reversal after it. */
  readonly settledAmountFen: number
}

/** Ledger time never runs backwards, whatever the writer's clock says. */
export function postingTime(book: Book, now: Instant): Instant {
  return book.lastPostedAt !== undefined && book.lastPostedAt > now ? book.lastPostedAt : now
}

/** A day ends with the first entry of a later one: its closing state, or undefined while the day goes on. */
export function closingDay(book: Book, postedAt: Instant): ClosedDay | undefined {
  if (book.openDay === undefined || book.openDay.day === shanghaiDay(postedAt)) return undefined
  const { seq, hash, balances, donors, totals } = headOf(book)
  return { ...openDaySums(book.openDay), seq, hash, balances, donors, totals }
}

/** Writes one entry at the end of the book and returns it. `postedAt` comes from `postingTime`. */
export function append(book: Book, change: Change, postedAt: Instant, sha256: Sha256): LedgerEntry {
  assert(book.lastPostedAt === undefined || book.lastPostedAt <= postedAt, 'ledger time never runs backwards')
  const { sale } = change
  const { postings, donorCarryAfter } = moveDonor(book, change)
  applyPostings(book.balances, postings)
  assertBalances(book.balances)
  const { amountFen: _soldFen, rateBps, ...where } = saleFacts(sale)
  const unsealed = {
    v: 1 as const,
    fundId: book.fundId,
    seq: book.seq + 1,
    postedAt,
    occurredAt: change.occurredAt,
    kind: change.kind,
    eventId: change.eventId,
    ...where,
    amountFen: change.amountFen,
    rateBps,
    donorCarryAfter,
    postings,
    prevHash: book.hash,
  }
  const entry: LedgerEntry = { ...unsealed, hash: sha256(canonicalJson(unsealed)) }
  book.seq = entry.seq
  book.hash = entry.hash
  book.lastPostedAt = postedAt
  count(book, change, postings, shanghaiDay(postedAt))
  return entry
}

// A donor's gift is a function of sums, so what an entry posts is the difference of that function before and after.
function moveDonor(book: Book, change: Change): { postings: FundPosting[]; donorCarryAfter: number } {
  const { sale } = change
  if (!hasDonor(sale)) {
    assert(sale.rateBps === 0, 'without an agreement the rate is 0')
    return { postings: [], donorCarryAfter: 0 }
  }
  const key = donorKey(sale.agreementId, sale.coopId)
  const before = book.donors.get(key) ?? {
    agreementId: sale.agreementId,
    coopId: sale.coopId,
    accruedE4Fen: 0,
    settledE4Fen: 0,
  }
  const after = addToDonor(before, change.amountFen * sale.rateBps, change.settledAmountFen * sale.rateBps)
  book.donors.set(key, after)
  const posted = wholeFen(after.accruedE4Fen) - wholeFen(before.accruedE4Fen)
  const settled = wholeFen(after.settledE4Fen) - wholeFen(before.settledE4Fen)
  // X = settled gifts + other sources − reserved − spent. `available` and `clawback` are its two sides, so X is their sum.
  const x = book.balances.available + book.balances.clawback
  const postings = postingsOf({
    sales: -posted,
    pending: posted - settled,
    available: Math.max(0, x + settled) - Math.max(0, x),
    clawback: Math.min(0, x + settled) - Math.min(0, x),
    settled: -settled,
    due: settled,
  })
  return { postings, donorCarryAfter: carryE4Fen(after.accruedE4Fen) }
}

function assertBalances(balances: Balances): void {
  assert(balances.pending >= 0, 'pending is never negative')
  assert(balances.available >= 0 && balances.clawback <= 0, 'available and clawback keep to their sides of zero')
  assert(balances.available === 0 || balances.clawback === 0, 'nothing is available while something is owed back')
  assert(balances.reserved >= 0, 'reserved is never negative')
}

function count(book: Book, change: Change, postings: readonly FundPosting[], day: string): void {
  const { sale } = change
  const sums: Sums = {
    salesFen: Math.max(0, change.amountFen),
    reversedFen: Math.max(0, -change.amountFen),
    postedFen: 0 - (postings.find((posting) => posting.account === 'sales')?.deltaFen ?? 0),
    saleCount: change.kind === 'sale' ? 1 : 0,
  }
  const unagreed = change.kind === 'sale' && !hasDonor(sale)
  book.totals = {
    salesFen: book.totals.salesFen + sums.salesFen,
    reversedFen: book.totals.reversedFen + sums.reversedFen,
    saleCount: book.totals.saleCount + sums.saleCount,
    unagreedSaleCount: book.totals.unagreedSaleCount + (unagreed ? 1 : 0),
    unagreedSalesFen: book.totals.unagreedSalesFen + (unagreed ? sums.salesFen : 0),
  }
  if (book.openDay?.day !== day) book.openDay = { day, entryCount: 0, cells: new Map() }
  book.openDay.entryCount += 1
  if (change.kind === 'settlement') return
  const key = cellKey(sale)
  const cell = book.openDay.cells.get(key)
  book.openDay.cells.set(key, {
    villageId: sale.villageId,
    coopId: sale.coopId,
    ...(sale.groupBuyId === undefined ? {} : { groupBuyId: sale.groupBuyId }),
    ...(sale.fairId === undefined ? {} : { fairId: sale.fairId }),
    ...addSums(cell ?? NO_SUMS, sums),
  })
}
