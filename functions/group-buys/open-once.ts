import type { openGroupBuy } from '#shared/contracts/group-buys.ts'
import {
  decideOpenGroupBuy,
  type OpenGroupBuyBody,
  type OpenGroupBuyFacts,
} from '#shared/domain/group-buys/open-group-buy.ts'
import type { RefusalCode } from '#shared/contracts/route.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundFacts, getCoop } from './places.ts'
import { getListings, loadGroupBuy, type LoadedGroupBuy } from './store.ts'
import { writeGroupBuy } from './write-group-buy.ts'

export type Opened = { readonly kind: 'opened'; readonly loaded: LoadedGroupBuy }

/**
 * Opens a group buy under an id, by hand or by the clock: the same decision. The same body again, even after closing, finds
 * what it opened; another one under that id is refused.
 */
export async function openOnce(
  groupBuyId: string,
  body: OpenGroupBuyBody,
  now: Instant,
): Promise<Opened | Refused<RefusalCode<typeof openGroupBuy>>> {
  const bodyHash = hashBody(body)
  const earlier = await loadGroupBuy(groupBuyId)
  if (earlier !== undefined) return sameOrRefused(earlier, bodyHash)
  const facts = await loadFacts(groupBuyId, body, now)
  const plan = decideOpenGroupBuy(facts)
  if (plan.kind === 'refused') return plan
  const written = await writeGroupBuy(facts, plan, bodyHash)
  if (written === 'taken') return taken()
  const loaded = await loadGroupBuy(groupBuyId)
  if (loaded === undefined) throw new Missing()
  return sameOrRefused(loaded, bodyHash)
}

function sameOrRefused(loaded: LoadedGroupBuy, bodyHash: string) {
  return loaded.groupBuy.bodyHash === bodyHash ? { kind: 'opened' as const, loaded } : taken()
}

const taken = () => refused('GROUP_BUY_EXISTS', '这个团购编号已被使用，请刷新后重新开团')

async function loadFacts(groupBuyId: string, body: OpenGroupBuyBody, now: Instant): Promise<OpenGroupBuyFacts> {
  const coop = await getCoop(body.coopId)
  if (coop === undefined) throw new Missing()
  const [compounds, listings] = await Promise.all([
    compoundFacts(body.compoundIds, coop.villageId),
    getListings(
      coop.coopId,
      body.offers.map((offer) => offer.listingId),
    ),
  ])
  return { groupBuyId, body, coop, compounds, listings, now }
}
