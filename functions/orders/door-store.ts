import { DOORS_MAX } from '#shared/contracts/orders.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { type DoorItem, doorItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, queryAll, transact } from '#functions/platform/table/table.ts'

/** Some may come at once past the limit that a worker is told of. */
const READ_MAX = 2 * DOORS_MAX

/** By building, unit and room (pattern 84). */
export async function loadDoors(compoundId: string): Promise<DoorItem[]> {
  const doors = await queryAll(doorItem, { pk: keys.door(compoundId, '').PK, max: READ_MAX })
  return doors.sort((left, right) => compareHouseholds(left.householdId, right.householdId)).slice(0, DOORS_MAX)
}

/** The last word counts: another volunteer takes the place of the one before. */
export async function putDoor(door: DoorItem): Promise<void> {
  await transact([
    { put: { ...keys.door(door.compoundId, door.householdId), ...doorItem.parse(door) }, condition: ALWAYS },
  ])
}

export async function forgetDoor(compoundId: string, householdId: string): Promise<void> {
  await transact([{ delete: keys.door(compoundId, householdId), condition: ALWAYS }])
}
