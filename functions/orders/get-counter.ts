import { getCounter as route, PICK_UPS_FOUND_MAX } from '#shared/contracts/orders.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { needCounter } from './counter-scope.ts'
import { groupBuysAtCounter, lastPickUps } from './pick-up-store.ts'
import { staffPickUpView } from './pick-up-view.ts'

export const getCounter = http(route, async ({ params: { compoundId } }, { caller, now }) => {
  await needCounter(caller, compoundId)
  const [groupBuys, last] = await Promise.all([
    groupBuysAtCounter(compoundId, now),
    lastPickUps(compoundId, shanghaiDay(now), PICK_UPS_FOUND_MAX),
  ])
  return {
    groupBuys: groupBuys.map(({ groupBuyId, title, pickUpStartsAt, pickUpEndsAt }) => ({
      groupBuyId,
      title,
      pickUpStartsAt,
      pickUpEndsAt,
    })),
    pickUps: last.pickUps.flatMap((pickUp) => {
      const order = last.orders.get(pickUp.orderId)
      const lines = last.lines.get(pickUp.orderId)
      if (order === undefined || lines === undefined) return []
      const { orderId, pickUpCode } = order
      const { householdLabel } = lines
      return [{ ...staffPickUpView(pickUp, lines, last.undone), orderId, householdLabel, pickUpCode }]
    }),
  }
})
