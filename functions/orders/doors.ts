import {
  type Door,
  DOORS_MAX,
  endDoor as endRoute,
  listDoors as listRoute,
  saveDoor as saveRoute,
} from '#shared/contracts/orders.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { DoorItem } from '#functions/platform/table/items/orders.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { forgetDoor, loadDoors, putDoor } from './door-store.ts'
import { householdNamed, loadRoomFacts, needOwnCompound } from './household-facts.ts'

export const listDoors = http(listRoute, async ({ params: { compoundId } }, { caller }) => {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined || !worksFor(caller, compound.communityId)) throw new Missing()
  return { items: (await loadDoors(compoundId)).map(doorView) }
})

export const saveDoor = http(
  saveRoute,
  async ({ params: { compoundId }, body }, { caller, now }) => {
    await needOwnCompound(caller, compoundId)
    const { volunteer, building, unit, room } = body
    const { householdId, parts, labels } = householdNamed(compoundId, { building, unit, room })
    const unknown = unknownRoom(await loadRoomFacts(compoundId, householdId, parts.building))
    if (unknown !== undefined) return unknown
    const doors = await loadDoors(compoundId)
    const before = doors.find((each) => each.householdId === householdId)
    if (before === undefined && doors.length >= DOORS_MAX) {
      return refused('TOO_MANY_DOORS', `一个小区最多登记 ${DOORS_MAX} 户送上门`)
    }
    const door: DoorItem = {
      ...{ entity: 'door', v: 1, compoundId, householdId, householdLabel: householdLabel(labels), volunteer },
      ...{ since: before?.since ?? now, registeredBy: caller.personId, consentAt: now },
    }
    await putDoor(door)
    return doorView(door)
  },
  { freshRoles: true },
)

export const endDoor = http(
  endRoute,
  async ({ params: { compoundId, householdId } }, { caller }) => {
    await needOwnCompound(caller, compoundId)
    await forgetDoor(compoundId, householdId)
    return { householdId }
  },
  { freshRoles: true },
)

function doorView({ householdId, householdLabel: label, volunteer, since }: DoorItem): Door {
  return { householdId, householdLabel: label, volunteer, since }
}
