import { assert } from '#shared/kernel/assert.ts'
import { buildingIdOf } from '#shared/kernel/building.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { buildingLabel, labelsOf, NORMAL, normalizePlacePart, type Rooms } from './room-words.ts'

export { householdLabel, normalizePlacePart, type Rooms } from './room-words.ts'

export type HouseholdName =
  | { readonly kind: 'named'; readonly householdId: string; readonly parts: Rooms; readonly labels: Rooms }
  | { readonly kind: 'invalid'; readonly fields: Readonly<Record<string, string>> }

/**
 * The one id of a room: `<compoundId>.<building>.<unit>.<room>`. However people write the same room, it is the same
 * household, so that its limits are shared.
 */
export function nameHousehold(compoundId: string, rooms: Rooms): HouseholdName {
  const fields: Record<string, string> = {}
  const part = (kind: keyof Rooms): string => {
    const normal = normalizePlacePart(kind, rooms[kind])
    if (normal === undefined) fields[kind] = '只写号码，例如 3、2、501'
    return normal ?? ''
  }
  const parts = { building: part('building'), unit: part('unit'), room: part('room') }
  if (Object.keys(fields).length > 0) return { kind: 'invalid', fields }
  const householdId = `${compoundId}.${parts.building}.${parts.unit}.${parts.room}`
  if (!idSchema.safeParse(householdId).success) return { kind: 'invalid', fields: { room: '太长了' } }
  return { kind: 'named', householdId, parts, labels: labelsOf(parts) }
}

/** The compound of a household's id; `undefined` for an id that no household has. */
export function compoundIdOfHousehold(householdId: string): string | undefined {
  const compoundId = householdId.split('.').slice(0, -3).join('.')
  return idSchema.safeParse(compoundId).success ? compoundId : undefined
}

export type BuildingName =
  | { readonly kind: 'named'; readonly buildingId: string; readonly building: string; readonly label: string }
  | { readonly kind: 'invalid'; readonly fields: Readonly<Record<string, string>> }

/** The one id of a building, however people write it: 三栋, 3号楼 and ３幢 are the same. */
export function nameBuilding(compoundId: string, text: string): BuildingName {
  const building = normalizePlacePart('building', text)
  if (building === undefined) return { kind: 'invalid', fields: { building: '只写号码，例如 3' } }
  const buildingId = buildingIdOf(compoundId, building)
  if (!idSchema.safeParse(buildingId).success) return { kind: 'invalid', fields: { building: '太长了' } }
  return { kind: 'named', buildingId, building, label: buildingLabel(building) }
}

/** Registered buildings are labels as well (3号楼): they are compared in the same spelling. */
export function isKnownBuilding(labels: readonly string[], building: string): boolean {
  assert(NORMAL.test(building), 'a building is compared in its normal spelling')
  return labels.some((label) => normalizePlacePart('building', label) === building)
}
