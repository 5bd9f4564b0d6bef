import { findHousehold as route } from '#shared/contracts/orders.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { http } from '#functions/platform/http.ts'
import { loadRoomFacts, needPlaceable } from './household-facts.ts'

export const findHousehold = http(route, async ({ params: { compoundId }, query }, { caller }) => {
  const { name } = await needPlaceable(caller, compoundId, query)
  const { householdId, parts, labels } = name
  const unknown = unknownRoom(await loadRoomFacts(compoundId, householdId, parts.building))
  return unknown ?? { householdId, householdLabel: householdLabel(labels) }
})
