import { placeOrderFor as route } from '#shared/contracts/orders.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { assert } from '#shared/kernel/assert.ts'
import { http } from '#functions/platform/http.ts'
import { hashBasket, placeOnce } from './place-once.ts'
import { householdNamed, loadRoomFacts, needOwnCompound } from './household-facts.ts'
import { keepPlacedFor } from './placed-for-store.ts'
import { loadForPlacing } from './placing-facts.ts'

export const placeOrderFor = http(
  route,
  async ({ params: { compoundId, orderId }, body }, { caller, now }) => {
    const { building, unit, room, placerName, ...basket } = body
    const compound = await needOwnCompound(caller, compoundId)
    const { communityId, communityName } = compound
    const { householdId, parts, labels } = householdNamed(compoundId, { building, unit, room })
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
        buyer: { personId, household, placedBy: { name: placerName, communityName } },
        bodyHash: hashBasket(basket, householdId, placerName),
      },
      facts,
      now,
    )
    // Beside the order and after it, also when it is sent again: whoever was cut off in between sends it again.
    if (!('kind' in placed)) {
      assert(placed.placedBy !== undefined, 'a worker placed it')
      await keepPlacedFor(compoundId, placed)
    }
    return placed
  },
  { freshRoles: true },
)
