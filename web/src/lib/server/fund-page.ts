import { getFund, listEntries } from '#shared/contracts/fund.ts'
import { isMovementKind, movedFenOf } from '#shared/domain/fund/movement.ts'
import type { Output } from '#shared/contracts/route.ts'
import { api, type Result } from './api.ts'
import { publicRead } from './public-reads.ts'

export type Fund = Output<typeof getFund>
type Entry = Output<typeof listEntries>['items'][number]

/** What a page shows of an entry: no hashes, no postings, but what of it moved into the fund. */
export type EntryRow = {
  readonly seq: number
  readonly kind: Entry['kind']
  readonly postedAt: string
  readonly saleId: string | undefined
  readonly villageName: string | undefined
  readonly coopName: string | undefined
  readonly amountFen: number
  readonly postedFen: number
  /** What a settlement made available: the after-sales period of its sale is over. */
  readonly availableFen: number
  /** Of a movement: the sum that was moved. */
  readonly movedFen: number | undefined
}

export type FundPage = {
  readonly fund: Fund
  readonly entries: readonly EntryRow[]
  readonly nextCursor: string | undefined
}

/** A sale's posting leaves `sales`; what left it went into the fund. */
function postedOf(entry: Entry): number {
  const sales = entry.postings.find(({ account }) => account === 'sales')
  return sales === undefined ? 0 : -sales.deltaFen
}

export function rowsOf(fund: Fund, entries: readonly Entry[]): readonly EntryRow[] {
  const villages = new Map(fund.byVillage.map(({ villageId, name }) => [villageId, name]))
  const coops = new Map(fund.byCoop.map(({ coopId, name }) => [coopId, name]))
  return entries.map((entry) => ({
    seq: entry.seq,
    kind: entry.kind,
    postedAt: entry.postedAt,
    saleId: entry.saleId,
    villageName: entry.villageId === undefined ? undefined : (villages.get(entry.villageId) ?? entry.villageId),
    coopName: entry.coopId === undefined ? undefined : (coops.get(entry.coopId) ?? entry.coopId),
    amountFen: entry.amountFen,
    postedFen: postedOf(entry),
    movedFen: isMovementKind(entry.kind) ? movedFenOf(entry, entry.kind) : undefined,
    availableFen: entry.postings.find(({ account }) => account === 'available')?.deltaFen ?? 0,
  }))
}

type Wish = {
  readonly saleId?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export async function loadFundPage(
  compoundId: string,
  token: string | undefined,
  wish: Wish,
): Promise<Result<FundPage>> {
  const params = { compoundId }
  const [fund, entries] = await Promise.all([
    token === undefined ? publicRead(getFund, { params }) : api(getFund, { params }, { token }),
    token === undefined
      ? publicRead(listEntries, { params, query: wish })
      : api(listEntries, { params, query: wish }, { token }),
  ])
  if (!fund.ok) return fund
  if (!entries.ok) return entries
  const { items, nextCursor } = entries.data
  return { ok: true, etag: fund.etag, data: { fund: fund.data, entries: rowsOf(fund.data, items), nextCursor } }
}
