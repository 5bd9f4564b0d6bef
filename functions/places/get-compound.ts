import { getCompound as route } from '#shared/contracts/places.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getCompound as loadCompound, listBuildings, listPickUpPoints } from './store.ts'
import { compoundView } from './views.ts'

export const getCompound = openHttp(route, async ({ params: { compoundId } }) => {
  const [compound, buildings, pickUpPoints] = await Promise.all([
    loadCompound(compoundId),
    listBuildings(compoundId),
    listPickUpPoints(compoundId),
  ])
  if (compound === undefined) throw new Missing()
  return {
    ...compoundView(compound),
    buildings: buildings.map(({ buildingId, label, units }) => ({ buildingId, label, units })),
    pickUpPoints: pickUpPoints.map(({ entity: _entity, v: _v, ...point }) => point),
  }
})
