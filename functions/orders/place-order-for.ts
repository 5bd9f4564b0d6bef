import { placeOrderFor as route } from '#shared/contracts/orders.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { assert } from '#shared/kernel/assert.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { hashBasket, placeOnce } from './place-once.ts'
import { loadRoomFacts, needPlaceable, type Placeable } from './household-facts.ts'
import { keepPlacedFor } from './placed-for-store.ts'
import { loadForPlacing } from './placing-facts.ts'

export const placeOrderFor = http(
  route,
  async ({ params: { compoundId, orderId }, body }, { caller, now }) => {
    const { building, unit, room, placerName, ...basket } = body
    const placeable = await needPlaceable(caller, compoundId, { building, unit, room })
    const { compound, leader } = placeable
    const placedBy = placerOf(placeable, placerName)
    const { communityId } = compound
    const { householdId, parts, labels } = placeable.name
    const { personId } = caller
    const wanted = { ...basket, compoundId, communityId, householdId, personId }
    const [{ household: own, ...facts }, roomFacts] = await Promise.all([
      loadForPlacing(wanted, now),
      loadRoomFacts(compoundId, householdId, parts.building),
    ])
    // Nobody stands in for themselves: it is their household's ordinary order, and theirs to answer for.
    if (own !== undefined) {
      const buyer = { personId, household: { ...own, compoundId, communityId } }
      return placeOnce({ orderId, basket, buyer, bodyHash: hashBasket(basket), standing: 'buyer' }, facts, now)
    }
    const unknown = unknownRoom(roomFacts)
    if (unknown !== undefined) return unknown
    const scopeName = `${compound.name} ${householdLabel(labels)}`
    const household = { scopeId: householdId, scopeName, compoundId, compoundName: compound.name, communityId }
    const placed = await placeOnce(
      {
        ...{ orderId, basket, standing: 'placer' },
        buyer: { personId, household, placedBy },
        // A leader's name is not theirs to send: one that a worker changes in between makes it no other order.
        bodyHash: hashBasket(basket, householdId, leader === undefined ? placedBy.name : ''),
      },
      facts,
      now,
    )
    // Beside the order and after it, also when it is sent again: whoever was cut off in between sends it again.
    if (!('kind' in placed)) {
      assert(placed.placedBy !== undefined, 'somebody placed it for them')
      await keepPlacedFor(compoundId, placed, leader)
    }
    return placed
  },
  { freshRoles: true },
)

function placerOf({ compound, leader }: Placeable, placerName: string | undefined): NonNullable<OrderItem['placedBy']> {
  const { communityName } = compound
  if (leader !== undefined) {
    const { knownAs, building } = leader
    assert(knownAs !== undefined && building !== undefined, 'a leader has a name and a building')
    return { name: knownAs, communityName, leaderOf: building }
  }
  if (placerName === undefined) throw new Invalid({ placerName: '请写您的称呼' })
  return { name: placerName, communityName }
}
