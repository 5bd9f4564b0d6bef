import { placeOrderFor as route } from '#shared/contracts/orders.ts'
import type { Body } from '#shared/contracts/route.ts'
import { householdLabel, nameHousehold } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { assert } from '#shared/kernel/assert.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { hashBasket, placeOnce } from './place-once.ts'
import { keepPlacedFor, loadRoomFacts } from './placed-for-store.ts'
import { loadForPlacing } from './placing-facts.ts'

export const placeOrderFor = http(
  route,
  async ({ params: { compoundId, orderId }, body }, { caller, now }) => {
    const { building, unit, room, placerName, ...basket } = body
    const compound = await get(compoundItem, keys.place('compound', compoundId))
    if (compound === undefined || !hasRole(caller, 'worker', compound.communityId)) throw new Missing()
    const { communityId, communityName } = compound
    const { householdId, parts, labels } = named(compoundId, { building, unit, room })
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

function named(compoundId: string, rooms: Pick<Body<typeof route>, 'building' | 'unit' | 'room'>) {
  const name = nameHousehold(compoundId, rooms)
  if (name.kind === 'invalid') throw new Invalid(name.fields)
  return name
}
