import type { SaleEvent, SaleRecorded, SaleReversed, SaleSettled } from '#shared/contracts/events.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { unreachable } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { append, closingDay, headOf, openBook, postingTime, type Book, type Change } from './book.ts'
import type { ClosedDay, FundHead, Sha256 } from './head.ts'
import { hasDonor, sameFacts, saleFacts, saleState, type PostedReversal, type PostedSale } from './posted-sale.ts'
import { saleTransitions } from './sale-states.ts'
import { takeBacksOf, type TakeBack } from './trace.ts'

/**
 * Why an event cannot be posted, now or ever. All of these are bugs elsewhere or tampering: the market puts a sale before
 * its reversals and never reverses more than was sold. Such an event is reported, and reconcile keeps naming it.
 */
export const postingRefusals = [
  /** It names another fund. */
  'OTHER_FUND',
  /** A sale gives at a rate although no agreement says to whom. */
  'RATE_WITHOUT_AGREEMENT',
  /** It was posted before with other contents. */
  'EVENT_DIFFERS',
  /** Its sale is neither posted nor among the events. */
  'SALE_UNKNOWN',
  /** Together the reversals would be more than the sale (I4). */
  'REVERSED_MORE_THAN_SOLD',
] as const
export type PostingRefusal = (typeof postingRefusals)[number]

/** The markers that were read, by id. One that is not here does not exist. */
export type Markers = {
  readonly sales: ReadonlyMap<string, PostedSale>
  readonly reversals: ReadonlyMap<string, PostedReversal>
}

export type Posted = {
  readonly head: FundHead
  /** New entries in order; empty when every event was a repetition or refused. */
  readonly entries: readonly LedgerEntry[]
  /** Sales whose marker is new or changed, with what was read before. */
  readonly sales: readonly { readonly before: PostedSale | undefined; readonly after: PostedSale }[]
  readonly reversals: readonly PostedReversal[]
  /** The day that ended with these entries, if one did. */
  readonly closedDay: ClosedDay | undefined
  /** What of these entries took something back. */
  readonly takeBacks: readonly TakeBack[]
  readonly refused: readonly { readonly event: SaleEvent; readonly code: PostingRefusal }[]
}

/** The event's name in the ledger, the same however often and in whatever shape it arrives. */
export function eventId(event: SaleEvent): string {
  switch (event.type) {
    case 'sale.recorded.v1':
      return `sale:${event.saleId}`
    case 'sale.reversed.v1':
      return `reversal:${event.reversalId}`
    case 'sale.settled.v1':
      return `settlement:${event.saleId}`
    default:
      return unreachable(event)
  }
}

/** Sales that must be brought along because a reversal or settlement names them and they are not posted. */
export function missingSales(markers: Markers, events: readonly SaleEvent[]): readonly (SaleReversed | SaleSettled)[] {
  const brought = new Set(events.flatMap((event) => (event.type === 'sale.recorded.v1' ? [event.saleId] : [])))
  const missing = new Map<string, SaleReversed | SaleSettled>()
  for (const event of events) {
    if (event.type === 'sale.recorded.v1') continue
    if (!markers.sales.has(event.saleId) && !brought.has(event.saleId)) missing.set(event.saleId, event)
  }
  return [...missing.values()]
}

/**
 * Posts events of one fund after its head. Sales go first, so that the order of arrival never matters to what follows
 * from them; repetitions are dropped by their marker. Nothing here may refuse a sale that happened: a refusal is a bug
 * elsewhere, and it holds up none of the other events.
 */
export function postEvents(
  head: FundHead,
  markers: Markers,
  events: readonly SaleEvent[],
  now: Instant,
  sha256: Sha256,
): Posted {
  const book = openBook(head)
  const postedAt = postingTime(book, now)
  const work: Work = {
    book,
    postedAt,
    sha256,
    sales: new Map(markers.sales),
    reversals: new Map(markers.reversals),
    entries: [],
  }
  const refused: { event: SaleEvent; code: PostingRefusal }[] = []
  const ended = closingDay(book, postedAt)
  const ordered = [
    ...events.filter((event) => event.type === 'sale.recorded.v1'),
    ...events.filter((event) => event.type !== 'sale.recorded.v1'),
  ]
  for (const event of ordered) {
    const code = event.compoundId === head.fundId ? post(work, event) : 'OTHER_FUND'
    if (code !== undefined) refused.push({ event, code })
  }
  return {
    head: headOf(book),
    entries: work.entries,
    sales: changedSales(markers, work.sales),
    reversals: [...work.reversals.values()].filter(({ reversalId }) => !markers.reversals.has(reversalId)),
    closedDay: work.entries.length === 0 ? undefined : ended,
    takeBacks: takeBacksOf(work.entries),
    refused,
  }
}

type Work = {
  readonly book: Book
  readonly postedAt: Instant
  readonly sha256: Sha256
  readonly sales: Map<string, PostedSale>
  readonly reversals: Map<string, PostedReversal>
  readonly entries: LedgerEntry[]
}

function changedSales(markers: Markers, sales: ReadonlyMap<string, PostedSale>): Posted['sales'] {
  return [...sales].flatMap(([saleId, after]) => {
    const before = markers.sales.get(saleId)
    return before === after ? [] : [{ before, after }]
  })
}

function post(work: Work, event: SaleEvent): PostingRefusal | undefined {
  switch (event.type) {
    case 'sale.recorded.v1':
      return postSale(work, event)
    case 'sale.reversed.v1':
      return postReversal(work, event)
    case 'sale.settled.v1':
      return postSettlement(work, event)
    default:
      return unreachable(event)
  }
}

function postSale(work: Work, event: SaleRecorded): PostingRefusal | undefined {
  const facts = saleFacts(event)
  const posted = work.sales.get(event.saleId)
  if (posted !== undefined) return sameFacts(posted, facts) ? undefined : 'EVENT_DIFFERS'
  if (event.rateBps > 0 && !hasDonor(facts)) return 'RATE_WITHOUT_AGREEMENT'
  const seq = write(work, {
    kind: 'sale',
    eventId: eventId(event),
    occurredAt: event.occurredAt,
    sale: facts,
    amountFen: event.amountFen,
    settledAmountFen: 0,
  })
  work.sales.set(event.saleId, { ...facts, reversedFen: 0, settled: false, seqs: [seq] })
  return undefined
}

function postReversal(work: Work, event: SaleReversed): PostingRefusal | undefined {
  const posted = work.reversals.get(event.reversalId)
  if (posted !== undefined) {
    return posted.saleId === event.saleId && posted.amountFen === event.amountFen ? undefined : 'EVENT_DIFFERS'
  }
  const sale = work.sales.get(event.saleId)
  const state = saleState(sale)
  if (sale === undefined || saleTransitions[state].reversal === undefined) return 'SALE_UNKNOWN'
  const reversedFen = sale.reversedFen + event.amountFen
  if (reversedFen > sale.amountFen) return 'REVERSED_MORE_THAN_SOLD'
  const seq = write(work, {
    kind: 'reversal',
    eventId: eventId(event),
    occurredAt: event.occurredAt,
    sale,
    amountFen: -event.amountFen,
    settledAmountFen: sale.settled ? -event.amountFen : 0,
  })
  work.sales.set(event.saleId, { ...sale, reversedFen, seqs: [...sale.seqs, seq] })
  work.reversals.set(event.reversalId, {
    reversalId: event.reversalId,
    saleId: event.saleId,
    amountFen: event.amountFen,
    seq,
  })
  return undefined
}

function postSettlement(work: Work, event: SaleSettled): PostingRefusal | undefined {
  const sale = work.sales.get(event.saleId)
  if (sale === undefined) return 'SALE_UNKNOWN'
  if (saleTransitions[saleState(sale)].settlement === undefined) return undefined
  const seq = write(work, {
    kind: 'settlement',
    eventId: eventId(event),
    occurredAt: event.occurredAt,
    sale,
    amountFen: 0,
    settledAmountFen: sale.amountFen - sale.reversedFen,
  })
  work.sales.set(event.saleId, { ...sale, settled: true, seqs: [...sale.seqs, seq] })
  return undefined
}

function write(work: Work, change: Change): number {
  const entry = append(work.book, change, work.postedAt, work.sha256)
  work.entries.push(entry)
  return entry.seq
}
