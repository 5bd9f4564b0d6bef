import { getGroupBuy as route } from '#shared/contracts/group-buys.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadGroupBuy } from './store.ts'
import { groupBuyView } from './views.ts'

export const getGroupBuy = openHttp(route, async ({ params: { groupBuyId } }, { now }) => {
  const loaded = await loadGroupBuy(groupBuyId)
  if (loaded === undefined || loaded.groupBuy.state === 'draft') throw new Missing()
  return groupBuyView(loaded, now)
})
