import { getAgreement as route } from '#shared/contracts/places-agreements.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getAgreementVersion, getPairing } from './store.ts'
import { agreementView, pairedVillageView } from './views.ts'

export const getAgreement = openHttp(route, async ({ params: { communityId, villageId, version } }, { now }) => {
  const [pairing, found] = await Promise.all([
    getPairing(communityId, villageId),
    getAgreementVersion(communityId, villageId, version),
  ])
  if (pairing === undefined || found === undefined) throw new Missing()
  const { entity: _entity, v: _v, communityId: _community, villageId: _village, text, ...agreement } = found
  const today = shanghaiDay(now)
  return {
    communityId,
    communityName: pairing.communityName,
    asOfDay: today,
    pairing: pairedVillageView(pairing),
    agreement: agreementView(agreement, pairing, today),
    ...(text === undefined ? {} : { text }),
  }
})
