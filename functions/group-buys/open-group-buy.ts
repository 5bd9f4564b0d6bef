import { openGroupBuy as route } from '#shared/contracts/group-buys.ts'
import { decideOpenGroupBuy, type OpenGroupBuyBody } from '#shared/domain/group-buys/open-group-buy.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { compoundFacts, getCoop } from './places.ts'
import { getListings, loadGroupBuy } from './store.ts'
import { groupBuyView } from './views.ts'
import { writeGroupBuy } from './write-group-buy.ts'

/** The id is the client's: the same request again, even after closing, answers with the group buy that it opened. */
export const openGroupBuy = http(route, async ({ params: { groupBuyId }, body }, { caller, now }) => {
  requireRole(caller, 'coop', body.coopId, 'admin')
  const bodyHash = hashBody(body)
  const earlier = await loadGroupBuy(groupBuyId)
  if (earlier !== undefined) return sameOrRefused(earlier, bodyHash, now)
  const facts = await loadFacts(groupBuyId, body, now)
  const plan = decideOpenGroupBuy(facts)
  if (plan.kind === 'refused') return plan
  const written = await writeGroupBuy(facts, plan, bodyHash)
  if (written === 'taken') return taken()
  const loaded = await loadGroupBuy(groupBuyId)
  if (loaded === undefined) throw new Missing()
  return sameOrRefused(loaded, bodyHash, now)
})

type Loaded = NonNullable<Awaited<ReturnType<typeof loadGroupBuy>>>

function sameOrRefused(loaded: Loaded, bodyHash: string, now: Instant) {
  return loaded.groupBuy.bodyHash === bodyHash ? groupBuyView(loaded, now) : taken()
}

const taken = () => refused('GROUP_BUY_EXISTS', '这个团购编号已被使用，请刷新后重新开团')

async function loadFacts(groupBuyId: string, body: OpenGroupBuyBody, now: Instant) {
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
