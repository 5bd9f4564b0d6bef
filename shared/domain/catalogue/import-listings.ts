import {
  type ImportedListing,
  type ImportResult,
  LISTINGS_PER_COOP_MAX,
  type Listing,
  type ListingBody,
  type SaleUnit,
} from '#shared/contracts/catalogue.ts'
import { yuan } from '#shared/kernel/money.ts'
import { guessKind } from './guess-kind.ts'
import { categoryNames, sheetColumns, stateNames, zoneNames } from './listing-sheet.ts'
import { sameListing } from './save-listing.ts'
import { unitLabel } from './unit-label.ts'

export type ImportFacts = {
  readonly coopId: string
  readonly rows: readonly ImportedListing[]
  readonly existing: readonly Listing[]
  /** The id of a listing that an import makes, from what the row calls it: the same row again is the same listing. */
  readonly idOf: (name: string) => string
}

export type PlannedRow = {
  readonly result: ImportResult
  /** To be written: the version after the one that was read. Absent where there is nothing to write. */
  readonly listing?: Listing
}

/**
 * What an import would do, row by row: add, change (and what), leave as it is, or refuse. A row means the listing of its
 * number; without one, the listing of the same name, grade and portion. Cells that were left empty change nothing.
 */
export function planImport(facts: ImportFacts): PlannedRow[] {
  const byId = new Map(facts.existing.map((listing) => [listing.listingId, listing]))
  const byName = Map.groupBy(facts.existing, nameOf)
  const takenBy = new Map<string, number>()
  let count = facts.existing.length
  return facts.rows.map((row) => {
    const found = findListing(row, byId, byName, facts.idOf)
    if ('detail' in found) return refusedRow(row, found)
    const { listingId, existing } = found
    const earlier = takenBy.get(listingId)
    if (earlier !== undefined) {
      return refusedRow(row, { code: 'DUPLICATE_ROW', field: 'name', detail: `和第 ${earlier} 行是同一件商品` })
    }
    takenBy.set(listingId, row.row)
    if (existing === undefined && count >= LISTINGS_PER_COOP_MAX) {
      const detail = `合作社最多 ${LISTINGS_PER_COOP_MAX} 件商品`
      return refusedRow(row, { code: 'TOO_MANY_LISTINGS', field: 'name', detail })
    }
    if (existing === undefined) count += 1
    return planRow(row, listingId, existing, facts.coopId)
  })
}

type Named = Pick<Listing, 'name' | 'grade' | 'saleUnit'>

/** What people tell listings apart by; whether a portion is weighed may change without making it another listing. */
export function nameOf({ name, grade, saleUnit }: Named): string {
  const plain = (text: string) => text.normalize('NFKC').replace(/\s+/g, '').toLowerCase()
  return [plain(name), plain(grade ?? ''), unitLabel(notWeighed(saleUnit))].join('|')
}

function notWeighed(unit: SaleUnit): SaleUnit {
  return unit.by === 'weight' ? { by: 'weight', portionGrams: unit.portionGrams } : unit
}

/** As the sheet says; where it says nothing, as it was. */
function unitOf({ saleUnit, weighed }: ImportedListing, before: SaleUnit | undefined): SaleUnit {
  const known = weighed ?? (isWeighed(saleUnit) || (before !== undefined && isWeighed(before)))
  return known && saleUnit.by === 'weight' ? { ...saleUnit, weighed: true } : notWeighed(saleUnit)
}

const isWeighed = (unit: SaleUnit) => unit.by === 'weight' && unit.weighed === true

type Fault = {
  readonly code: NonNullable<ImportResult['code']>
  readonly field: ImportResult['field']
  readonly detail: string
}
type Found = { readonly listingId: string; readonly existing: Listing | undefined }

function findListing(
  row: ImportedListing,
  byId: ReadonlyMap<string, Listing>,
  byName: ReadonlyMap<string, readonly Listing[]>,
  idOf: ImportFacts['idOf'],
): Found | Fault {
  if (row.listingId !== undefined) {
    const existing = byId.get(row.listingId)
    if (existing !== undefined) return { listingId: row.listingId, existing }
    return { code: 'UNKNOWN_LISTING', field: 'listingId', detail: '没有这个编号的商品；新商品请空着' }
  }
  const [same, another] = byName.get(nameOf(row)) ?? []
  if (another !== undefined) {
    const detail = '有几件同名、同等级、同规格的商品，请填商品编号'
    return { code: 'AMBIGUOUS_LISTING', field: 'listingId', detail }
  }
  if (same !== undefined) return { listingId: same.listingId, existing: same }
  const listingId = idOf(nameOf(row))
  return { listingId, existing: byId.get(listingId) }
}

function planRow(row: ImportedListing, listingId: string, existing: Listing | undefined, coopId: string): PlannedRow {
  const { row: at, listingId: _listingId, weighed: _weighed, ...given } = row
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const usual = { ...guessKind(row.name), temperatureZone: 'ambient', state: 'active' } as const
  const { listingId: _id, coopId: _coop, version = 0, ...before }: Partial<Listing> = existing ?? {}
  const told = known as Omit<typeof given, 'row'> & Partial<ListingBody>
  const body: ListingBody = { ...usual, ...before, ...told, saleUnit: unitOf(row, before.saleUnit) }
  const listing: Listing = { listingId, coopId, version: version + 1, ...body }
  const result = { row: at, listingId, name: row.name }
  if (existing === undefined) {
    return { result: { ...result, outcome: 'added', changes: changesBetween(undefined, listing) }, listing }
  }
  if (sameListing(existing, listing)) return { result: { ...result, outcome: 'unchanged', changes: [] } }
  return { result: { ...result, outcome: 'changed', changes: changesBetween(existing, listing) }, listing }
}

function refusedRow({ row, name }: ImportedListing, { code, field, detail }: Fault): PlannedRow {
  return { result: { row, name, outcome: 'refused', changes: [], code, field, detail } }
}

/** By column, as a person would write it. */
function changesBetween(before: Listing | undefined, after: Listing): ImportResult['changes'] {
  const columns = (Object.keys(sheetColumns) as (keyof typeof sheetColumns)[]).filter((key) => key !== 'listingId')
  return columns
    .map((field) => ({ field, from: before === undefined ? '' : shown(before, field), to: shown(after, field) }))
    .filter(({ from, to }) => from !== to)
}

function shown(listing: Listing, field: Exclude<keyof typeof sheetColumns, 'listingId'>): string {
  switch (field) {
    case 'saleUnit':
      return unitLabel(notWeighed(listing.saleUnit))
    case 'weighed':
      return isWeighed(listing.saleUnit) ? '每份称重' : ''
    case 'priceFen':
      return yuan(listing.priceFen)
    case 'category':
      return categoryNames[listing.category]
    case 'temperatureZone':
      return zoneNames[listing.temperatureZone]
    case 'state':
      return stateNames[listing.state]
    case 'boxPortions':
      return listing.boxPortions === undefined ? '' : String(listing.boxPortions)
    default:
      return listing[field] ?? ''
  }
}
