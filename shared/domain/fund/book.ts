import type { LedgerEntry, SaleEntryKind } from '#shared/contracts/fund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { applyPostings, postingsOf, type Balances, type FundPosting } from './accounts.ts'
import { canonicalJson } from './canonical-json.ts'
import { addFlow, addSums, cellKey, flowKey, NO_SUMS, type Cell, type Flow, type Sums } from './day-sums.ts'
import { addToDonor, byDonor, carryE4Fen, donorKey, remitted, wholeFen, type DonorSums } from './donor-sums.ts'
import type { ClosedDay, FundHead, Sha256, Totals } from './head.ts'
import { decideMovement, freeChange, type Movement, type MovementRefusal, type ProjectSums } from './movement.ts'
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
  openDay: BookDay | undefined
}

type BookDay = {
  readonly day: string
  entryCount: number
  readonly cells: Map<string, Cell>
  readonly flows: Map<string, Flow>
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
      flows: new Map((head.openDay.flows ?? []).map((flow) => [flowKey(flow), flow])),
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

function openDaySums({ day, entryCount, cells, flows }: BookDay) {
  const ordered = <Each>(all: ReadonlyMap<string, Each>) =>
    [...all].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, each]) => each)
  return { day, entryCount, cells: ordered(cells), ...(flows.size === 0 ? {} : { flows: ordered(flows) }) }
}

/** What happened, before the ledger says what follows from it. */
export type Change = {
  readonly kind: SaleEntryKind
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
  const { sale } = change
  const { postings, donorCarryAfter } = moveDonor(book, change)
  applyPostings(book.balances, postings)
  assertBalances(book.balances)
  const { amountFen: _soldFen, rateBps, ...where } = saleFacts(sale)
  const { kind, eventId, occurredAt, amountFen } = change
  const entry = seal(
    book,
    { kind, eventId, occurredAt, ...where, amountFen, rateBps, donorCarryAfter, postings },
    postedAt,
    sha256,
  )
  count(book, change, postings, shanghaiDay(postedAt))
  return entry
}

export type Appended =
  | { readonly kind: 'appended'; readonly entry: LedgerEntry }
  | { readonly kind: 'refused'; readonly code: MovementRefusal }

/** Writes a movement at the end of the book, or says why it cannot be; then the book is as it was. */
export function appendMovement(
  book: Book,
  movement: Movement,
  project: ProjectSums | undefined,
  postedAt: Instant,
  sha256: Sha256,
): Appended {
  const donor = 'coopId' in movement ? book.donors.get(donorKey(movement.agreementId, movement.coopId)) : undefined
  // Goods may come before a donor's first sale; money that a donor never owed cannot have arrived.
  if (movement.kind === 'remittance' && donor === undefined) return { kind: 'refused', code: 'DONOR_UNKNOWN' }
  const decision = decideMovement(book.balances, movement, project)
  if (decision.kind === 'refused') return decision
  const { postings } = decision
  applyPostings(book.balances, postings)
  assertBalances(book.balances)
  if (movement.kind === 'remittance' && donor !== undefined)
    book.donors.set(donorKey(donor.agreementId, donor.coopId), remitted(donor, movement.movedFen))
  const { movedFen, ...facts } = movement
  const donorCarryAfter = donor === undefined ? 0 : carryE4Fen(donor.accruedE4Fen)
  const entry = seal(book, { ...facts, amountFen: 0, rateBps: 0, donorCarryAfter, postings }, postedAt, sha256)
  const openDay = dayOf(book, shanghaiDay(postedAt))
  const flow = { kind: movement.kind, ...('purpose' in movement ? { purpose: movement.purpose } : {}), movedFen }
  openDay.entryCount += 1
  openDay.flows.set(flowKey(flow), addFlow(openDay.flows.get(flowKey(flow)), flow))
  return { kind: 'appended', entry }
}

/** Gives the line its number, its time and its place in the chain. */
function seal(
  book: Book,
  line: Omit<LedgerEntry, 'v' | 'fundId' | 'seq' | 'postedAt' | 'prevHash' | 'hash'>,
  postedAt: Instant,
  sha256: Sha256,
): LedgerEntry {
  assert(book.lastPostedAt === undefined || book.lastPostedAt <= postedAt, 'ledger time never runs backwards')
  const unsealed = { v: 1 as const, fundId: book.fundId, seq: book.seq + 1, postedAt, ...line, prevHash: book.hash }
  const entry: LedgerEntry = { ...unsealed, hash: sha256(canonicalJson(unsealed)) }
  book.seq = entry.seq
  book.hash = entry.hash
  book.lastPostedAt = postedAt
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
  const postings = postingsOf({
    sales: -posted,
    pending: posted - settled,
    // X = settled gifts + other sources − reserved − spent.
    ...freeChange(book.balances, settled),
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
  assert(balances.cash >= 0, 'no more has left the charity than arrived')
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
  const openDay = dayOf(book, day)
  openDay.entryCount += 1
  if (change.kind === 'settlement') return
  const key = cellKey(sale)
  const cell = openDay.cells.get(key)
  openDay.cells.set(key, {
    villageId: sale.villageId,
    coopId: sale.coopId,
    ...(sale.groupBuyId === undefined ? {} : { groupBuyId: sale.groupBuyId }),
    ...(sale.fairId === undefined ? {} : { fairId: sale.fairId }),
    ...addSums(cell ?? NO_SUMS, sums),
  })
}

/** The day of the ledger that grows; a later day ends the one before. */
function dayOf(book: Book, day: string): BookDay {
  if (book.openDay?.day === day) return book.openDay
  book.openDay = { day, entryCount: 0, cells: new Map(), flows: new Map() }
  return book.openDay
}
