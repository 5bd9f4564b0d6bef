import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { isKnownBuilding } from './household-id.ts'

export type RoomFacts = {
  /** The building in its normal spelling. */
  readonly building: string
  /** Labels of the compound's registered buildings; empty when none is registered. */
  readonly buildingLabels: readonly string[]
  readonly householdExists: boolean
  /** True when the compound's rooms are registered: then no others exist. */
  readonly roomsRegistered: boolean
}

/** Why there is no such room in the compound; nothing when there may be one. */
export function unknownRoom(facts: RoomFacts): Refused<'UNKNOWN_BUILDING' | 'UNKNOWN_ROOM'> | undefined {
  if (facts.householdExists) return undefined
  if (facts.buildingLabels.length > 0 && !isKnownBuilding(facts.buildingLabels, facts.building)) {
    return refused('UNKNOWN_BUILDING', '本小区没有这栋楼', { building: '没有这栋楼' })
  }
  return facts.roomsRegistered ? refused('UNKNOWN_ROOM', '本小区没有这个房间', { room: '没有这个房间' }) : undefined
}
