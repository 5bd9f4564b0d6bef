import { findPickUps as route, PICK_UPS_FOUND_MAX } from '#shared/contracts/orders.ts'
import type { Query } from '#shared/contracts/route.ts'
import { nameHousehold } from '#shared/domain/places/household-id.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { needCounter } from './counter-scope.ts'
import { groupBuysAtCounter, ordersOf, sharesAtCounter } from './pick-up-store.ts'
import { counterView, isForCounter } from './pick-up-view.ts'
import { loadOrder } from './reading-store.ts'

const READ_AT_ONCE = 4

export const findPickUps = http(route, async ({ params: { compoundId }, query }, { caller, now }) => {
  await needCounter(caller, compoundId)
  const wanted = wantedOf(compoundId, query)
  const groupBuys = await groupBuysAtCounter(compoundId, now)
  const shares = await sharesAtCounter(
    compoundId,
    groupBuys.map((groupBuy) => groupBuy.groupBuyId),
  )
  const there = shares.filter(isForCounter)
  const orders = await ordersOf(
    wanted.by === 'room' ? there.filter((share) => share.householdId === wanted.householdId) : there,
  )
  const found = orders
    .filter((order) => order.state === 'paid' && (wanted.by === 'room' || order.pickUpCode === wanted.code))
    .sort(
      (left, right) =>
        compareHouseholds(left.householdId, right.householdId) || (left.placedAt < right.placedAt ? -1 : 1),
    )
  const shown = await inParallel(found.slice(0, PICK_UPS_FOUND_MAX), READ_AT_ONCE, ({ orderId }) => loadOrder(orderId))
  return {
    items: shown.flatMap((whole) => (whole === undefined ? [] : [counterView(whole, now)])),
    more: found.length > PICK_UPS_FOUND_MAX,
  }
})

type Wanted = { by: 'code'; code: string } | { by: 'room'; householdId: string }

/** A code, or a room however it is written: one of the two, never both. */
function wantedOf(compoundId: string, { code, building, unit, room }: Query<typeof route>): Wanted {
  const roomAsked = building !== undefined || unit !== undefined || room !== undefined
  if (code !== undefined) {
    if (roomAsked) throw new Invalid({ code: '取货码和房号只填一样' })
    return { by: 'code', code }
  }
  if (!roomAsked) throw new Invalid({ code: '请填取货码，或楼号、单元、房号' })
  const name = nameHousehold(compoundId, { building: building ?? '', unit: unit ?? '', room: room ?? '' })
  if (name.kind === 'invalid') throw new Invalid(name.fields)
  return { by: 'room', householdId: name.householdId }
}
