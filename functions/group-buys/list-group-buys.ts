import { listGroupBuys as route, type Offer } from '#shared/contracts/group-buys.ts'
import type { Output, Query } from '#shared/contracts/route.ts'
import { isOnDisplay } from '#shared/domain/group-buys/shop-window.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { GroupBuyItem, OfferItem } from '#functions/platform/table/items/group-buys.ts'
import { TtlCache } from '#functions/platform/ttl-cache.ts'
import { getCompound, pairingsWith } from './places.ts'
import { getGroupBuys, groupBuyIdsOfCompound, loadOffers, loadStock, type LoadedStock } from './store.ts'
import { groupBuySummary, offerViews, reachedSoFar } from './views.ts'

const PAGE = 50

/**
 * The shop window is the most read answer of all, and may be two seconds old: what is left is decided when the order is
 * placed, on the stock itself. One second of it is for the window of a compound, one for a group buy, which the compounds of
 * its communities share. What changes less may be older.
 */
const WINDOW_MS = 1_000
const STOCK_MS = 1_000
const OFFERS_MS = 30_000
const COMPOUND_MS = 30_000
const CACHED_MAX = 1_000

type Asked = Query<typeof route>
type Window = Output<typeof route>
type Shown = { readonly groupBuy: GroupBuyItem; readonly offers?: Offer[] }

const windows = new TtlCache<Window>(WINDOW_MS, CACHED_MAX)
const stocks = new TtlCache<LoadedStock | undefined>(STOCK_MS, CACHED_MAX)
const offersOf = new TtlCache<OfferItem[]>(OFFERS_MS, CACHED_MAX)
const compounds = new TtlCache<Awaited<ReturnType<typeof getCompound>>>(COMPOUND_MS, CACHED_MAX)

export const listGroupBuys = openHttp(
  route,
  async ({ query }, { now }) => {
    const { compoundId, cursor, limit, with: wanted } = query
    if (cursor !== undefined || limit !== undefined) return composeWindow(query, now)
    return windows.get(`${compoundId} ${wanted ?? ''}`, now, () => composeWindow(query, now))
  },
  { sharedAnswers: true },
)

async function composeWindow({ compoundId, cursor, limit, with: wanted }: Asked, now: Instant): Promise<Window> {
  const [compound, page] = await Promise.all([
    compounds.get(compoundId, now, () => getCompound(compoundId)),
    groupBuyIdsOfCompound(compoundId, now, limit ?? PAGE, cursor),
  ])
  if (compound === undefined) {
    compounds.forget(compoundId)
    throw new Missing()
  }
  const found = wanted === 'offers' ? await withOffers(page.items, now) : await plain(page.items)
  const villageIds = found.map(({ groupBuy }) => groupBuy.villageId)
  const pairings = await pairingsWith(compound.communityId, villageIds)
  const items = found
    .filter(({ groupBuy }) => isOnDisplay(groupBuy, pairings.get(groupBuy.villageId), now))
    .map(({ groupBuy, offers }) => ({
      ...groupBuySummary(groupBuy, now),
      ...(offers === undefined ? {} : { offers, ...reachedSoFar(groupBuy, offers) }),
    }))
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}

/** A compound's hint is written before the group buy itself: until that is there, there is nothing to see. */
async function withOffers(groupBuyIds: readonly string[], now: Instant): Promise<Shown[]> {
  const shown = await Promise.all(
    groupBuyIds.map(async (groupBuyId): Promise<Shown[]> => {
      const stock = await stocks.get(groupBuyId, now, () => loadStock(groupBuyId))
      if (stock === undefined) return []
      const offers = await offersOf.get(groupBuyId, now, () => loadOffers(groupBuyId))
      return [{ groupBuy: stock.groupBuy, offers: offerViews({ ...stock, offers }) }]
    }),
  )
  return shown.flat()
}

async function plain(groupBuyIds: readonly string[]): Promise<Shown[]> {
  const found = new Map((await getGroupBuys(groupBuyIds)).map((groupBuy) => [groupBuy.groupBuyId, groupBuy]))
  return groupBuyIds.map((id) => found.get(id)).flatMap((groupBuy) => (groupBuy === undefined ? [] : [{ groupBuy }]))
}
