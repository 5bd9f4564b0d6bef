import { repeatGroupBuy as route } from '#shared/contracts/group-buys.ts'
import { startRepeating } from '#shared/domain/group-buys/repeat-group-buy.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { putRepeat, repeatsOfCoop, repeatView, repetitionOf } from './repeat-store.ts'
import { getGroupBuys } from './store.ts'

const ATTEMPTS_MAX = 3

export const repeatGroupBuy = http(route, async ({ params: { groupBuyId }, body }, { caller, now }) => {
  const groupBuy = await ownGroupBuy(caller, groupBuyId)
  const { coopId, state, opensAt, closesAt, pickUpStartsAt, pickUpEndsAt } = groupBuy
  const window = { opensAt, closesAt, pickUpStartsAt, pickUpEndsAt }
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const all = await repeatsOfCoop(coopId)
    const read = all.find((each) => each.groupBuyId === groupBuyId)
    const running = read && repetitionOf(read)
    const others = all.length - (read === undefined ? 0 : 1)
    const decision = startRepeating({ state, window, running, others, weeks: body.weeks, now })
    if ('kind' in decision) return decision
    if (read !== undefined && read.lastWeek === decision.lastWeek) return repeatView(read)
    const written = await putRepeat(groupBuy, decision, read)
    if (written !== undefined) return repeatView(written)
  }
  throw new Busy()
})

/** The group buy, if it is the caller's co-op's (or an administrator asks). */
export async function ownGroupBuy(caller: Caller, groupBuyId: string): Promise<GroupBuyItem> {
  const [groupBuy] = await getGroupBuys([groupBuyId])
  if (groupBuy === undefined || groupBuy.state === 'draft') throw new Missing()
  if (!actsFor(caller, groupBuy.coopId)) throw new Missing()
  return groupBuy
}
