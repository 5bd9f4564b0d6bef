import { listAgreements as route } from '#shared/contracts/places-agreements.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { communityItem } from '#functions/platform/table/items/places.ts'
import { getPlace, pairingsOfCommunity } from './store.ts'
import { agreementView, pairedVillageView } from './views.ts'

export const listAgreements = openHttp(route, async ({ params: { communityId } }, { now }) => {
  const [community, pairings] = await Promise.all([
    getPlace(communityItem, 'community', communityId),
    pairingsOfCommunity(communityId),
  ])
  if (community === undefined) throw new Missing()
  const today = shanghaiDay(now)
  return {
    communityId,
    communityName: community.name,
    asOfDay: today,
    items: pairings.map((pairing) => ({
      ...pairedVillageView(pairing),
      versions: pairing.agreements.toReversed().map((version) => agreementView(version, pairing, today)),
    })),
  }
})
