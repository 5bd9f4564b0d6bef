import type { CompoundSummary } from '#shared/contracts/places.ts'
import type { GridPostSeed, GridSeed, PersonSeed } from './types.ts'

/** So many compounds of a worker's community are the grid that they are posted to. */
const POSTED = 3

/** Of each worker's community two grids: the worker is posted to the first, and to the second nobody is yet. */
export function buildGrids(
  compounds: readonly CompoundSummary[],
  people: readonly PersonSeed[],
): { readonly grids: GridSeed[]; readonly posts: GridPostSeed[] } {
  const workers = people.flatMap(({ subject, role, scopeId }) =>
    role === 'worker' && scopeId !== undefined ? [{ subject, communityId: scopeId }] : [],
  )
  const grids = workers.flatMap(({ communityId }): GridSeed[] => {
    const ids = compounds.filter((each) => each.communityId === communityId).map(({ compoundId }) => compoundId)
    return [
      { gridId: `${communityId}-g1`, communityId, name: '第一网格', compoundIds: ids.slice(0, POSTED) },
      { gridId: `${communityId}-g2`, communityId, name: '第二网格', compoundIds: ids.slice(POSTED) },
    ]
  })
  const posts = workers.map(({ subject, communityId }, at) => ({
    ...{ gridId: `${communityId}-g1`, communityId, subject },
    knownAs: `示例网格员${at + 1}`,
  }))
  return { grids, posts }
}
