/**
 * The one id of a building: `<compoundId>.<building>`, the building in its normal spelling, which has no dot. A household's id
 * goes on from there with unit and room.
 */
export function buildingIdOf(compoundId: string, building: string): string {
  return `${compoundId}.${building}`
}

/** The building in which a household is. Taken apart and never compared as a beginning: `c-1` and `c-1.3` are two compounds. */
export function buildingOfHousehold(householdId: string): string {
  return householdId.split('.').slice(0, -2).join('.')
}

/** The compound's part and the building's own, in its normal spelling. */
export function partsOfBuilding(buildingId: string): { readonly compoundId: string; readonly building: string } {
  const dot = buildingId.lastIndexOf('.')
  return { compoundId: buildingId.slice(0, dot), building: buildingId.slice(dot + 1) }
}
