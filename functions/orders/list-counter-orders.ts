import { COUNTER_ORDERS_MAX, listCounterOrders as route } from '#shared/contracts/orders.ts'
import { handableStates } from '#shared/domain/orders/states.ts'
import { http } from '#functions/platform/http.ts'
import { needCounter } from './counter-scope.ts'
import { groupBuysAtCounter, sharesAtCounter } from './pick-up-store.ts'
import { counterOrderView, isForCounter } from './pick-up-view.ts'
import { loadOrdersOf } from './reading-store.ts'

export const listCounterOrders = http(route, async ({ params: { compoundId } }, { caller, now }) => {
  await needCounter(caller, compoundId)
  const groupBuys = await groupBuysAtCounter(compoundId, now)
  const found = await sharesAtCounter(
    compoundId,
    groupBuys.map((groupBuy) => groupBuy.groupBuyId),
  )
  const there = found.filter(isForCounter)
  const lies = there.filter((share) => handableStates.includes(share.state))
  const orderIds = [...new Set([...lies, ...there].map((share) => share.orderId))]
  const kept = new Set(orderIds.slice(0, COUNTER_ORDERS_MAX))
  const shares = Map.groupBy(
    there.filter((share) => kept.has(share.orderId)),
    (share) => share.orderId,
  )
  const { orders, lines } = await loadOrdersOf([...shares.values()].flatMap((own) => own.slice(0, 1)))
  const items = [...kept].flatMap((orderId) => {
    const [order, bought] = [orders.get(orderId), lines.get(orderId)]
    if (order?.state !== 'paid' || bought === undefined) return []
    return [counterOrderView({ order, lines: bought, shares: shares.get(orderId) ?? [] }, now)]
  })
  return { at: now, items, more: orderIds.length > COUNTER_ORDERS_MAX }
})
