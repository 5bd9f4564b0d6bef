import { BODIES_MAX, listBodies as route } from '#shared/contracts/places-bodies.ts'
import { bodiesOf } from '#functions/platform/bodies.ts'
import { openHttp } from '#functions/platform/http.ts'

export const listBodies = openHttp(route, async ({ query: { communityId } }) => {
  const bodies = await bodiesOf(communityId)
  const items = bodies.slice(0, BODIES_MAX).map(({ bodyId, name, bodyKind, communityId: scope }) => ({
    ...{ bodyId, name, kind: bodyKind },
    ...(scope === undefined ? {} : { communityId: scope }),
  }))
  return { items }
})
