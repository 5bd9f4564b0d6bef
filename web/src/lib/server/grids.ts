import type { RequestEvent } from '@sveltejs/kit'
import { type GridView, listGrids, listMyGrids } from '#shared/contracts/places-grids.ts'
import { listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from './api.ts'
import { publicRead } from './public-reads.ts'
import { membershipsOf } from './roles.ts'

/** What a worker is shown first: of a community the compounds of the grids that they are posted to. */
export type Narrowed = {
  /** Names of the caller's grids here; none: nothing is narrowed. */
  readonly grids: readonly string[]
  /** The whole community was asked for. */
  readonly isWhole: boolean
  readonly shows: (compoundId: string) => boolean
  /** What a list is asked for that reads some compounds alone; absent where nothing is narrowed. */
  readonly compoundIds?: readonly string[]
}

type OwnGrid = Pick<GridView, 'communityId' | 'name' | 'compoundIds'>

const WHOLE: Narrowed = { grids: [], isWhole: true, shows: () => true }

/** Grids that the caller is posted to, of all their communities. A page without them is better than none. */
export async function gridsOfWorker(event: RequestEvent, token: string): Promise<readonly OwnGrid[]> {
  if ((await membershipsOf(event, 'worker')).length === 0) return []
  const mine = await api(listMyGrids, {}, { token })
  return mine.ok ? mine.data.items : []
}

/** `?grid=all` shows everything. */
export function narrowedTo(event: RequestEvent, communityId: string, mine: readonly OwnGrid[]): Narrowed {
  const own = mine.filter((grid) => grid.communityId === communityId)
  const compounds = new Set(own.flatMap(({ compoundIds }) => compoundIds))
  if (compounds.size === 0) return WHOLE
  const isWhole = event.url.searchParams.get('grid') === 'all'
  return {
    grids: own.map(({ name }) => name),
    isWhole,
    shows: (compoundId) => isWhole || compounds.has(compoundId),
    ...(isWhole ? {} : { compoundIds: [...compounds].toSorted() }),
  }
}

async function gridsOf(communityId: string): Promise<readonly GridView[]> {
  const found = await publicRead(listGrids, { query: { communityId } })
  return found.ok ? found.data.items : []
}

/** By which names residents of a compound know who is posted there now. */
export async function workersOf(communityId: string, compoundId: string): Promise<string[]> {
  const grid = (await gridsOf(communityId)).find(({ compoundIds }) => compoundIds.includes(compoundId))
  return (grid?.workers ?? []).map(({ knownAs }) => knownAs)
}

/** Grids of a community to which nobody is posted now, with the names of their compounds. */
export async function unpostedOf(
  communityId: string,
): Promise<{ readonly name: string; readonly compounds: readonly string[] }[]> {
  const empty = (await gridsOf(communityId)).filter(({ workers }) => workers.length === 0)
  if (empty.length === 0) return []
  const listed = await publicRead(listCompounds, { query: { communityId, limit: PAGE_MAX } })
  const names = new Map(listed.ok ? listed.data.items.map((each) => [each.compoundId, each.name] as const) : [])
  return empty.map(({ name, compoundIds }) => ({ name, compounds: compoundIds.map((id) => names.get(id) ?? id) }))
}

/** Whether the visitor says that they live there: then it is their grid worker. */
export async function livesIn(event: RequestEvent, compoundId: string): Promise<boolean> {
  return (await membershipsOf(event, 'resident')).some((home) => home.compoundId === compoundId)
}
