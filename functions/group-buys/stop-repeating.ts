import { stopRepeating as route } from '#shared/contracts/group-buys.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { deleteRepeat, getRepeat } from './repeat-store.ts'
import { ownGroupBuy } from './repeat-group-buy.ts'

const ATTEMPTS_MAX = 3

/** What is stopped already stays stopped. */
export const stopRepeating = http(route, async ({ params: { groupBuyId } }, { caller }) => {
  const { coopId } = await ownGroupBuy(caller, groupBuyId)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const read = await getRepeat(coopId, groupBuyId)
    if (read === undefined || (await deleteRepeat(read))) return { groupBuyId }
  }
  throw new Busy()
})
