import { listUncollected as route, UNCOLLECTED_MAX } from '#shared/contracts/orders.ts'
import { handableStates } from '#shared/domain/orders/states.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { groupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { needCounter } from './counter-scope.ts'
import { sharesAtCounter } from './pick-up-store.ts'
import { counterLines } from './pick-up-view.ts'
import { loadOrdersOf } from './reading-store.ts'

export const listUncollected = http(route, async ({ params: { compoundId, groupBuyId } }, { caller }) => {
  await needCounter(caller, compoundId)
  const groupBuy = await get(groupBuyItem, keys.groupBuy(groupBuyId))
  if (groupBuy === undefined || !groupBuy.compoundIds.includes(compoundId)) throw new Missing()
  const lying = (await sharesAtCounter(compoundId, [groupBuyId])).filter((share) =>
    handableStates.includes(share.state),
  )
  const { orders, lines } = await loadOrdersOf(lying)
  const byHousehold = Map.groupBy(
    lying.flatMap((share) => {
      const order = orders.get(share.orderId)
      const bought = lines.get(share.orderId)
      const part = bought?.shares.find((each) => each.groupBuyId === groupBuyId)
      if (order?.state !== 'paid' || bought === undefined || part === undefined) return []
      const left = counterLines(part, share).filter((line) => line.left > 0)
      const { orderId, householdId, pickUpCode } = order
      if (left.length === 0) return []
      return [{ householdId, householdLabel: bought.householdLabel, orderId, pickUpCode, lines: left }]
    }),
    (each) => each.householdId,
  )
  const households = [...byHousehold].sort(([left], [right]) => compareHouseholds(left, right))
  return {
    groupBuyTitle: groupBuy.title,
    pickUpEndsAt: groupBuy.pickUpEndsAt,
    householdCount: households.length,
    portionsLeft: households
      .flatMap(([, own]) => own.flatMap((each) => each.lines))
      .reduce((sum, line) => sum + line.left, 0),
    items: households.slice(0, UNCOLLECTED_MAX).map(([, own]) => ({
      householdLabel: own[0]?.householdLabel ?? '',
      orders: own.map(({ orderId, pickUpCode, lines: left }) => ({ orderId, pickUpCode, lines: left })),
    })),
    more: households.length > UNCOLLECTED_MAX,
  }
})
