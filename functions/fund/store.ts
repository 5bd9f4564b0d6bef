import type { SaleEvent } from '#shared/contracts/events.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import type { DayRoot } from '#shared/contracts/fund-days.ts'
import type { FundStanding } from '#shared/domain/fund/day-root.ts'
import { emptyHead, type ClosedDay, type FundHead } from '#shared/domain/fund/head.ts'
import type { Markers } from '#shared/domain/fund/post-events.ts'
import type { MovementMarkers, PostedProject } from '#shared/domain/fund/post-movements.ts'
import type { PostedSale } from '#shared/domain/fund/posted-sale.ts'
import type { TakeBack } from '#shared/domain/fund/trace.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  compoundItem,
  pairingItem,
  type CompoundItem,
  type PairingItem,
} from '#functions/platform/table/items/places.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import {
  checkItem,
  closedDayItem,
  dayRootItem,
  entryItem,
  fundHeadItem,
  markerItem,
  postedSaleItem,
  rootPartItem,
  saleEventItem,
  sealItem,
  takeBackItem,
} from '#functions/platform/table/items/ledger.ts'
import { batchGet, get, query, queryAll } from '#functions/platform/table/table.ts'
import { sha256 } from './sha256.ts'

/** What the fund reads, all of it consistently. Writing is in `platform/table/ledger.ts`. */
const at = { table: 'LEDGER_TABLE' } as const

export async function loadHead(fundId: string): Promise<FundHead> {
  const item = await get(fundHeadItem, ledgerKeys.head(fundId), at)
  if (item === undefined) return emptyHead(fundId, sha256)
  const { entity: _entity, v: _v, ...head } = item
  return head
}

/** Markers of the events' sales and reversals. `sales: 'named'` leaves out sales that nothing but their own event names. */
export async function loadMarkers(
  fundId: string,
  events: readonly SaleEvent[],
  sales: 'all' | 'named',
): Promise<Markers> {
  const names = new Set<string>()
  for (const event of events) {
    if (event.type !== 'sale.recorded.v1' || sales === 'all') names.add(`sale:${event.saleId}`)
    if (event.type === 'sale.reversed.v1') names.add(`reversal:${event.reversalId}`)
  }
  return loadMarkersByName(fundId, [...names])
}

export async function loadMarkersByName(fundId: string, names: readonly string[]): Promise<Markers> {
  const wanted = names.map((name) => ledgerKeys.marker(fundId, name))
  const items = wanted.length === 0 ? [] : await batchGet(markerItem, wanted, at)
  return {
    sales: new Map(items.flatMap((item) => (item.entity === 'postedSale' ? [[item.saleId, plain(item)]] : []))),
    reversals: new Map(
      items.flatMap((item) => (item.entity === 'postedReversal' ? [[item.reversalId, plain(item)]] : [])),
    ),
  }
}

/** Markers of movements by their event ids, and of projects. */
export async function loadMovementMarkers(
  fundId: string,
  eventIds: readonly string[],
  proposalIds: readonly string[],
): Promise<MovementMarkers> {
  const names = new Set([...eventIds, ...proposalIds.map((proposalId) => `project:${proposalId}`)])
  const wanted = [...names].map((name) => ledgerKeys.marker(fundId, name))
  const items = wanted.length === 0 ? [] : await batchGet(markerItem, wanted, at)
  return {
    movements: new Map(
      items.flatMap((item) => (item.entity === 'postedMovement' ? [[item.eventId, plain(item)]] : [])),
    ),
    projects: new Map<string, PostedProject>(
      items.flatMap((item) => (item.entity === 'postedProject' ? [[item.proposalId, plain(item)]] : [])),
    ),
  }
}

export async function loadPostedSale(fundId: string, saleId: string): Promise<PostedSale | undefined> {
  const item = await get(postedSaleItem, ledgerKeys.marker(fundId, `sale:${saleId}`), at)
  return item && plain(item)
}

function plain<Item extends { entity: string; v: number }>(item: Item): Omit<Item, 'entity' | 'v'> {
  const { entity: _entity, v: _v, ...rest } = item
  return rest
}

/** The recorded sale of a later event, read from the market by its key. */
export async function loadRecordedSale(event: {
  compoundId: string
  saleDay: ShanghaiDay
  saleId: string
}): Promise<SaleEvent | undefined> {
  const key = keys.event(event.compoundId, event.saleDay, 'sale.recorded.v1', event.saleId)
  return get(saleEventItem, key)
}

/** Entries from one number to another, both included, at most `limit`. */
export async function loadEntries(
  fundId: string,
  range: { readonly from: number; readonly to: number; readonly limit: number; readonly newestFirst?: boolean },
): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = []
  let cursor: string | undefined
  if (range.from > range.to) return entries
  do {
    const page = await query(entryItem, {
      ...at,
      pk: ledgerKeys.fundPk(fundId),
      between: [ledgerKeys.entry(fundId, range.from).SK, ledgerKeys.entry(fundId, range.to).SK],
      limit: range.limit - entries.length,
      newestFirst: range.newestFirst ?? false,
      cursor,
    })
    entries.push(...page.items.map(entryOf))
    cursor = page.nextCursor
  } while (cursor !== undefined && entries.length < range.limit)
  return entries
}

export async function loadEntriesBySeq(fundId: string, seqs: readonly number[]): Promise<LedgerEntry[]> {
  const items = await batchGet(
    entryItem,
    seqs.map((seq) => ledgerKeys.entry(fundId, seq)),
    at,
  )
  return items.map(entryOf).sort((left, right) => right.seq - left.seq)
}

/** Sales that were settled seldom go back: of one compound's fund, over all years. */
const TAKE_BACKS_MAX = 10_000

/** What left the pot without being spent, up to this entry (pattern L9). */
export async function loadTakeBacks(fundId: string, to: number): Promise<TakeBack[]> {
  if (to < 1) return []
  const { PK, SK } = ledgerKeys.takeBack(fundId, 1)
  const between = [SK, ledgerKeys.takeBack(fundId, to).SK] as const
  return (await queryAll(takeBackItem, { ...at, pk: PK, between, max: TAKE_BACKS_MAX })).map(plain)
}

export async function loadTheseTakeBacks(fundId: string, seqs: readonly number[]): Promise<TakeBack[]> {
  const wanted = seqs.map((seq) => ledgerKeys.takeBack(fundId, seq))
  return wanted.length === 0 ? [] : (await batchGet(takeBackItem, wanted, at)).map(plain)
}

function entryOf(item: { entity: 'entry' } & LedgerEntry): LedgerEntry {
  const { entity: _entity, ...entry } = item
  return entry
}

export async function loadTheseClosedDays(fundId: string, days: readonly ShanghaiDay[]): Promise<ClosedDay[]> {
  const wanted = days.map((day) => ledgerKeys.closedDay(fundId, day))
  return (await batchGet(closedDayItem, wanted, at)).map(plain)
}

/** Finished days up to and including this one, newest first. */
export async function loadNewestClosedDays(fundId: string, to: ShanghaiDay, limit: number): Promise<ClosedDay[]> {
  const days: ClosedDay[] = []
  let cursor: string | undefined
  do {
    const page = await query(closedDayItem, {
      ...at,
      pk: ledgerKeys.fundPk(fundId),
      between: [ledgerKeys.closedDay(fundId, '0000-00-00').SK, ledgerKeys.closedDay(fundId, to).SK],
      limit: limit - days.length,
      newestFirst: true,
      cursor,
    })
    days.push(...page.items.map(plain))
    cursor = page.nextCursor
  } while (cursor !== undefined && days.length < limit)
  return days
}

/** Heads of those of these funds that have an entry. */
export async function loadHeads(fundIds: readonly string[]): Promise<FundHead[]> {
  return (await batchGet(fundHeadItem, fundIds.map(ledgerKeys.head), at)).map(plain)
}

export async function loadDayRoot(day: ShanghaiDay): Promise<DayRoot | undefined> {
  const item = await get(dayRootItem, ledgerKeys.dayRoot(day), at)
  return item && plain(item)
}

/** Roots of days over all funds, newest first. */
export async function loadDayRoots(page: { readonly limit: number; readonly cursor?: string | undefined }) {
  const found = await query(dayRootItem, {
    ...at,
    pk: ledgerKeys.rootsPk,
    prefix: 'DAY#',
    newestFirst: true,
    ...page,
  })
  return { ...found, items: found.items.map(plain) }
}

export async function loadLastDayRoot(): Promise<DayRoot | undefined> {
  return (await loadDayRoots({ limit: 1 })).items[0]
}

const ROOT_PARTS_MAX = 30

/** What a day's root was made of, in its order. */
export async function loadRootFunds(day: ShanghaiDay): Promise<FundStanding[]> {
  const { PK } = ledgerKeys.rootPart(day, 1)
  const parts = await queryAll(rootPartItem, { ...at, pk: PK, prefix: 'PART#', max: ROOT_PARTS_MAX })
  return parts.flatMap(({ funds }) => funds)
}

const SEALS_MAX = 400

export async function loadSeals(fundId: string, from: ShanghaiDay, to: ShanghaiDay) {
  // The service refuses a range that ends before it begins; sealing that stands still makes one.
  if (from > to) return []
  return queryAll(sealItem, {
    ...at,
    pk: ledgerKeys.fundPk(fundId),
    between: [ledgerKeys.seal(fundId, from).SK, ledgerKeys.seal(fundId, to).SK],
    max: SEALS_MAX,
  })
}

export async function loadCheck(fundId: string) {
  return get(checkItem, ledgerKeys.check(fundId), at)
}

const EVENTS_A_DAY_MAX = 100_000

/** Every sale event of a compound's Shanghai day, as the market holds them. */
export async function loadSaleEvents(compoundId: string, day: ShanghaiDay): Promise<SaleEvent[]> {
  const { PK } = keys.event(compoundId, day, '', '')
  return queryAll(saleEventItem, { pk: PK, prefix: 'sale.', max: EVENTS_A_DAY_MAX })
}

/** The first of them by type and id, at most `limit`. */
export async function loadSomeSaleEvents(compoundId: string, day: ShanghaiDay, limit: number): Promise<SaleEvent[]> {
  const { PK } = keys.event(compoundId, day, '', '')
  const events: SaleEvent[] = []
  let cursor: string | undefined
  do {
    const page = await query(saleEventItem, { pk: PK, prefix: 'sale.', limit: limit - events.length, cursor })
    events.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && events.length < limit)
  return events
}

const PAIRINGS_MAX = 1_000

/** Pairings of a community, each with all versions of its agreement (pattern 4). */
export async function loadPairings(communityId: string): Promise<PairingItem[]> {
  const { PK, SK } = keys.pairing(communityId, '')
  return queryAll(pairingItem, { pk: PK, prefix: SK, max: PAIRINGS_MAX })
}

const COMPOUNDS_A_PAGE = 100

/** Ids of all compounds, a page at a time. The index may lag behind a new compound by a moment; the next night has it. */
export async function* compoundPages(): AsyncGenerator<string[]> {
  for await (const page of pagesOfCompounds()) yield page.map(({ compoundId }) => compoundId)
}

/** All compounds of the district, a few hundred. */
export async function allCompounds(): Promise<CompoundItem[]> {
  const all: CompoundItem[] = []
  for await (const page of pagesOfCompounds()) all.push(...page)
  return all
}

async function* pagesOfCompounds(): AsyncGenerator<CompoundItem[]> {
  let cursor: string | undefined
  do {
    const page = await query(compoundItem, {
      pk: index.places('compound', '', '', '').GSI1PK,
      index: 'GSI1',
      limit: COMPOUNDS_A_PAGE,
      cursor,
    })
    yield page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
