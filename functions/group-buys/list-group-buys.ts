import { listGroupBuys as route } from '#shared/contracts/group-buys.ts'
import type { Output, Query } from '#shared/contracts/route.ts'
import { isOnDisplay } from '#shared/domain/group-buys/shop-window.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { openHttp } from '../platform/http.ts'
import { Missing } from '../platform/missing.ts'
import type { GroupBuyItem } from '../platform/table/items/group-buys.ts'
import { TtlCache } from '../platform/ttl-cache.ts'
import { getCompound, pairingsWith } from './places.ts'
import { getGroupBuys, groupBuyIdsOfCompound, loadGroupBuy, type LoadedGroupBuy } from './store.ts'
import { groupBuySummary, offerViews } from './views.ts'

const PAGE = 50
/** A shop window may be this old; what is left is decided when the order is placed, on the stock itself. */
const CACHE_MS = 2_000
const CACHED_MAX = 1_000

type Asked = Query<typeof route>
type Window = Output<typeof route>
const windows = new TtlCache<Window>(CACHE_MS, CACHED_MAX)

/**
 * The shop window of a compound: the most read answer of all. One index query finds its group buys, one read each brings
 * them with their offers and stock, all at the same time.
 */
export const listGroupBuys = openHttp(route, async ({ query }, { now }) => {
  const { compoundId, cursor, limit, with: wanted } = query
  if (cursor !== undefined || limit !== undefined) return composeWindow(query, now)
  return windows.get(`${compoundId} ${wanted ?? ''}`, now, () => composeWindow(query, now))
})

async function composeWindow({ compoundId, cursor, limit, with: wanted }: Asked, now: Instant): Promise<Window> {
  const [compound, page] = await Promise.all([
    getCompound(compoundId),
    groupBuyIdsOfCompound(compoundId, now, limit ?? PAGE, cursor),
  ])
  if (compound === undefined) throw new Missing()
  const groupBuys = wanted === 'offers' ? await loadWithOffers(page.items) : await loadPlain(page.items)
  const villageIds = groupBuys.map(({ groupBuy }) => groupBuy.villageId)
  const pairings = await pairingsWith(compound.communityId, villageIds)
  const items = groupBuys
    .filter(({ groupBuy }) => isOnDisplay(groupBuy, pairings.get(groupBuy.villageId), now))
    .map((each) => ({
      ...groupBuySummary(each.groupBuy, now),
      ...('offers' in each ? { offers: offerViews(each) } : {}),
    }))
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}

async function loadWithOffers(groupBuyIds: readonly string[]): Promise<LoadedGroupBuy[]> {
  const loaded = await Promise.all(groupBuyIds.map(loadGroupBuy))
  // A compound's hint is written before the group buy itself: until that is there, there is nothing to see.
  return loaded.filter((each) => each !== undefined)
}

async function loadPlain(groupBuyIds: readonly string[]): Promise<{ groupBuy: GroupBuyItem }[]> {
  const found = new Map((await getGroupBuys(groupBuyIds)).map((groupBuy) => [groupBuy.groupBuyId, groupBuy]))
  return groupBuyIds.map((id) => found.get(id)).flatMap((groupBuy) => (groupBuy === undefined ? [] : [{ groupBuy }]))
}
