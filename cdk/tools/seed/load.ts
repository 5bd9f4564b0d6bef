import { listListings, saveListing, type Listing } from '#shared/contracts/catalogue.ts'
import { listCoopGroupBuys, listGroupBuys, openGroupBuy } from '#shared/contracts/group-buys.ts'
import { getMe } from '#shared/contracts/places.ts'
import { importPlaces, importWaveOf, importWaves, type ImportRow } from '#shared/contracts/places-import.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { seedApi, type SeedApi } from './api.ts'
import { inParallel } from './in-parallel.ts'
import { groupBuyBodyOf, importRowsOf, listingBodyOf } from './requests.ts'
import type { DistrictSeed, GroupBuySeed, ListingSeed } from './types.ts'

/** Who brings the district in: made the first administrator by the system's own settings. */
const ADMIN = 'admin-1'
const REQUESTS_AT_ONCE = 8

export type LoadOptions = {
  /** Origin of the API: `http://127.0.0.1:8080`. */
  readonly apiUrl: string
  /** A bearer token of one of the local accounts. */
  readonly token: (account: string) => Promise<string>
  readonly seed: DistrictSeed
  readonly now: Instant
  readonly log: (line: string) => void
}

export type Loaded = {
  readonly rows: number
  /** Rows that were written; 0 the second time. */
  readonly rowsChanged: number
  readonly listingsAdded: number
  readonly groupBuysOpened: number
}

/**
 * Loads the district through the API and nothing else: places, people, listings, this week's group buys. Loading again
 * changes nothing: what a co-op edited since stays as they left it. Throws when a row is refused.
 */
export async function loadSeed({ apiUrl, token, seed, now, log }: LoadOptions): Promise<Loaded> {
  const api = seedApi(apiUrl, () => token(ADMIN))
  // The first request of the first administrator is what makes them one.
  await api.call(getMe)
  const rows = importRowsOf(seed)
  const rowsChanged = await timed(log, `${rows.length} places and roles`, () => loadRows(api, rows))
  const listingsAdded = await timed(log, `${seed.listings.length} listings`, () => addListings(api, seed.listings))
  const groupBuysOpened = await timed(log, `${seed.groupBuys.length} group buys`, () => openAll(api, seed, now))
  return { rows: rows.length, rowsChanged, listingsAdded, groupBuysOpened }
}

/**
 * For a later start: every co-op that has no group buy open (or about to open) gets this week's, with the listings it has
 * now at the prices it asks now. `seed` is that of the day of this start. Returns how many were opened.
 */
export async function ensureOpenGroupBuys({ apiUrl, token, seed, now, log }: LoadOptions): Promise<number> {
  const api = seedApi(apiUrl, () => token(ADMIN))
  if (await homesHaveGroupBuys(api, seed)) return 0
  return timed(log, 'group buys of this week', () => openAll(api, seed, now))
}

async function timed(log: (line: string) => void, what: string, work: () => Promise<number>): Promise<number> {
  const startedMs = performance.now()
  const changed = await work()
  log(`seed: ${what}, ${changed} new or changed, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  return changed
}

/** Far below what a request may carry, so that a slow or busy machine answers each well within its time. */
const ROWS_AT_ONCE = 100

async function loadRows(api: SeedApi, rows: readonly ImportRow[]): Promise<number> {
  let changed = 0
  for (const wave of importWaves) {
    const ofWave = rows.filter((row) => importWaveOf[row.kind] === wave)
    const counts = await inParallel(cut(ofWave, ROWS_AT_ONCE), REQUESTS_AT_ONCE, (batch) => loadBatch(api, batch))
    changed += counts.reduce((sum, count) => sum + count, 0)
  }
  return changed
}

function cut<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

async function loadBatch(api: SeedApi, rows: readonly ImportRow[]): Promise<number> {
  const answer = await api.call(importPlaces, { body: { rows: [...rows] } })
  if (answer.kind === 'refused') throw new Error(`the import was refused: ${answer.code}`)
  const { results } = answer.output
  const bad = results.find((result) => result.outcome === 'invalid' || result.outcome === 'refused')
  if (bad !== undefined) throw new Error(`row ${JSON.stringify(rows[bad.row])}: ${JSON.stringify(bad)}`)
  return results.filter((result) => result.outcome !== 'unchanged').length
}

async function addListings(api: SeedApi, listings: readonly ListingSeed[]): Promise<number> {
  const coops = [...Map.groupBy(listings, (listing) => listing.coopId)]
  const counts = await inParallel(coops, REQUESTS_AT_ONCE, async ([coopId, wanted]) => {
    const known = new Set((await listingsOf(api, coopId)).map((listing) => listing.listingId))
    let added = 0
    for (const listing of wanted.filter(({ listingId }) => !known.has(listingId))) {
      const params = { coopId, listingId: listing.listingId }
      const answer = await api.call(saveListing, { params, body: { version: 0, ...listingBodyOf(listing) } })
      if (answer.kind === 'ok') added += 1
      // Changed: somebody of the co-op was faster with an edit of their own, which stays.
      else if (answer.code !== 'LISTING_CHANGED')
        throw new Error(`${listing.listingId}: ${answer.code} ${answer.detail}`)
    }
    return added
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

async function listingsOf(api: SeedApi, coopId: string): Promise<Listing[]> {
  const listings: Listing[] = []
  let cursor: string | undefined
  do {
    const query = { limit: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) }
    const answer = await api.call(listListings, { params: { coopId }, query })
    if (answer.kind === 'refused') throw new Error(`listings of ${coopId}: ${answer.code}`)
    listings.push(...(answer.output.items as Listing[]))
    cursor = answer.output.nextCursor
  } while (cursor !== undefined)
  return listings
}

async function openAll(api: SeedApi, seed: Pick<DistrictSeed, 'groupBuys'>, now: Instant): Promise<number> {
  const current = seed.groupBuys.filter((groupBuy) => groupBuy.closesAt > now)
  const opened = await inParallel(current, REQUESTS_AT_ONCE, (groupBuy) => openOne(api, groupBuy))
  return opened.filter(Boolean).length
}

/** True when the group buy is new. A co-op that has one already keeps it and gets no second one. */
async function openOne(api: SeedApi, groupBuy: GroupBuySeed): Promise<boolean> {
  if (await hasCurrentGroupBuy(api, groupBuy.coopId)) return false
  const listings = new Map((await listingsOf(api, groupBuy.coopId)).map((listing) => [listing.listingId, listing]))
  const offers = groupBuy.offers.flatMap((offer) => {
    const listing = listings.get(offer.listingId)
    return listing?.state === 'active' ? [{ ...offer, priceFen: listing.priceFen }] : []
  })
  if (offers.length === 0) return false
  const body = { ...groupBuyBodyOf(groupBuy), offers }
  const answer = await api.call(openGroupBuy, { params: { groupBuyId: groupBuy.groupBuyId }, body })
  // Exists: begun on an earlier start of this day, with other listings; the co-op opens the next one itself.
  if (answer.kind === 'ok') return true
  if (answer.code === 'GROUP_BUY_EXISTS') return false
  throw new Error(`${groupBuy.groupBuyId}: ${answer.code} ${answer.detail}`)
}

async function hasCurrentGroupBuy(api: SeedApi, coopId: string): Promise<boolean> {
  const answer = await api.call(listCoopGroupBuys, { params: { coopId }, query: { limit: 5 } })
  if (answer.kind === 'refused') throw new Error(`group buys of ${coopId}: ${answer.code}`)
  return answer.output.items.some(({ state }) => state === 'open' || state === 'scheduled')
}

/** The quick look of an everyday start: whatever the home compounds should see is open. */
async function homesHaveGroupBuys(api: SeedApi, seed: DistrictSeed): Promise<boolean> {
  const complete = await inParallel(seed.homeCompoundIds, REQUESTS_AT_ONCE, async (compoundId) => {
    const answer = await api.call(listGroupBuys, { query: { compoundId } })
    if (answer.kind === 'refused') throw new Error(`group buys of ${compoundId}: ${answer.code}`)
    const selling = new Set(answer.output.items.map(({ coopId }) => coopId))
    const wanted = seed.groupBuys.filter(({ compoundIds }) => compoundIds.includes(compoundId))
    return wanted.every(({ coopId }) => selling.has(coopId))
  })
  return complete.every(Boolean)
}
