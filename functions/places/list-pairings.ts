import { listPairings as route } from '#shared/contracts/places.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { pairingsOfCommunity, pairingsOfVillage } from './store.ts'
import { pairingView } from './views.ts'

export const listPairings = openHttp(route, async ({ query: { communityId, villageId } }, { now }) => {
  const pairings =
    communityId === undefined ? await pairingsOfVillage(villageId ?? '') : await pairingsOfCommunity(communityId)
  return { items: pairings.map((pairing) => pairingView(pairing, shanghaiDay(now))) }
})
