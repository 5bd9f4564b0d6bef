import type { OrderView } from '#shared/contracts/orders.ts'
import type { RoomFacts } from '#shared/domain/places/known-room.ts'
import { placedForItem } from '#functions/platform/table/items/orders.ts'
import { buildingItem, householdItem, roomRegisterItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, get, queryAll, transact } from '#functions/platform/table/table.ts'

const BUILDINGS_MAX = 500

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

/**
 * Where the compound's workers find it. Not in the transaction that places the order, which stays as small as any other; the
 * household finds it by an index of that one.
 */
export async function keepPlacedFor(compoundId: string, { orderId, placedAt }: OrderView): Promise<void> {
  const item = placedForItem.parse({ entity: 'placedFor', v: 1, orderId, compoundId })
  await transact([{ put: { ...keys.placedFor(compoundId, placedAt, orderId), ...item }, condition: ALWAYS }])
}
