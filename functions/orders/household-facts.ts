import type { CompoundItem, MembershipItem } from '#functions/platform/table/items/places.ts'
import { type HouseholdName, nameHousehold, type Rooms } from '#shared/domain/places/household-id.ts'
import type { RoomFacts } from '#shared/domain/places/known-room.ts'
import { buildingOfHousehold } from '#shared/kernel/building.ts'
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

export type Placeable = {
  readonly compound: CompoundItem
  readonly name: Extract<HouseholdName, { kind: 'named' }>
  /** The leadership by which somebody orders who does not work there. */
  readonly leader: MembershipItem | undefined
}

/**
 * A room that the caller may order for: any of a compound where they work, else one of the building that they lead. Others
 * do not exist, be they next door.
 */
export async function needPlaceable(caller: Caller, compoundId: string, rooms: Rooms): Promise<Placeable> {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  const worksThere = compound !== undefined && hasRole(caller, 'worker', compound.communityId)
  const led = leadershipsIn(caller, compoundId)
  if (compound === undefined || (!worksThere && led.length === 0)) throw new Missing()
  const name = householdNamed(compoundId, rooms)
  if (worksThere) return { compound, name, leader: undefined }
  const leader = led.find(({ scopeId }) => scopeId === buildingOfHousehold(name.householdId))
  if (leader === undefined) throw new Missing()
  return { compound, name, leader }
}

/** Buildings of the compound that the caller leads. */
export function leadershipsIn(caller: Caller, compoundId: string): readonly MembershipItem[] {
  return caller.memberships.filter((held) => held.role === 'leader' && held.compoundId === compoundId)
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
