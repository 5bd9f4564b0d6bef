import type { CompoundItem } from '#functions/platform/table/items/places.ts'
import { type HouseholdName, nameHousehold, type Rooms } from '#shared/domain/places/household-id.ts'
import type { RoomFacts } from '#shared/domain/places/known-room.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Missing } from '#functions/platform/missing.ts'
import { buildingItem, compoundItem, householdItem, roomRegisterItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, queryAll } from '#functions/platform/table/table.ts'

const BUILDINGS_MAX = 500

/** A compound of the worker's; any other does not exist. */
export async function needOwnCompound(caller: Caller, compoundId: string): Promise<CompoundItem> {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined || !hasRole(caller, 'worker', compound.communityId)) throw new Missing()
  return compound
}

export function householdNamed(compoundId: string, rooms: Rooms): Extract<HouseholdName, { kind: 'named' }> {
  const name = nameHousehold(compoundId, rooms)
  if (name.kind === 'invalid') throw new Invalid(name.fields)
  return name
}

export async function loadRoomFacts(compoundId: string, householdId: string, building: string): Promise<RoomFacts> {
  const { PK, SK } = keys.building(compoundId, '')
  const [household, register, buildings] = await Promise.all([
    get(householdItem, keys.household(compoundId, householdId)),
    get(roomRegisterItem, keys.roomRegister(compoundId)),
    queryAll(buildingItem, { pk: PK, prefix: SK, max: BUILDINGS_MAX }),
  ])
  return {
    building,
    buildingLabels: buildings.map(({ label }) => label),
    householdExists: household !== undefined,
    roomsRegistered: register !== undefined,
  }
}
