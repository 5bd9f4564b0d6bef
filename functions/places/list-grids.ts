import { listGrids as route, listMyGrids as mineRoute } from '#shared/contracts/places-grids.ts'
import { postsNow } from '#shared/domain/places/grids.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { gridKeys } from '#functions/platform/table/grid-keys.ts'
import { gridsItem } from '#functions/platform/table/items/grids.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { batchGet, get } from '#functions/platform/table/table.ts'

/** Everybody reads who is posted where, by the name on the board at the gate; who they are here, nobody. */
export const listGrids = openHttp(route, async ({ query: { communityId } }, { now }) => {
  const { grids = [] } = (await get(gridsItem, gridKeys.ofCommunity(communityId))) ?? {}
  const persons = [...new Set(grids.flatMap(({ posts }) => posts.map(({ personId }) => personId)))]
  const roles = await batchGet(
    membershipItem,
    persons.map((personId) => keys.membership(personId, 'worker', communityId)),
  )
  const working = new Set(roles.filter((role) => isHeld(role, now)).map(({ personId }) => personId))
  const items = grids.map((grid) => ({
    ...{ gridId: grid.gridId, communityId, name: grid.name, compoundIds: grid.compoundIds },
    workers: postsNow(grid, (personId) => working.has(personId), now).map(({ knownAs, toAt }) => ({
      knownAs,
      ...(toAt === undefined ? {} : { until: toAt }),
    })),
  }))
  return { items }
})

export const listMyGrids = http(mineRoute, async (_input, { caller, now }) => {
  const communities = caller.memberships.filter(({ role }) => role === 'worker').map(({ scopeId }) => scopeId)
  const found = await batchGet(gridsItem, communities.map(gridKeys.ofCommunity))
  const items = found.flatMap(({ communityId, grids }) =>
    grids
      .filter((grid) => postsNow(grid, (personId) => personId === caller.personId, now).length > 0)
      .map(({ gridId, name, compoundIds }) => ({ gridId, communityId, name, compoundIds })),
  )
  return { items }
})
