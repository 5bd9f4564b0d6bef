import { listCommunities, listCompounds } from '#shared/contracts/places.ts'
import type { Output } from '#shared/contracts/route.ts'
import { api } from './api.ts'
import { publicRead } from './public-reads.ts'

export type CompoundRow = Output<typeof listCompounds>['items'][number]
type CommunityRow = Output<typeof listCommunities>['items'][number]

/** What a person sees who looks for a compound: matches of a search, or a community's compounds, and all towns below. */
export type CompoundSearch = {
  readonly q: string
  readonly communityId: string | undefined
  readonly compounds: readonly CompoundRow[]
  readonly more: boolean
  readonly searched: boolean
  readonly towns: readonly { readonly townName: string; readonly communities: readonly CommunityRow[] }[]
}

const PAGE = 100
/** A district has about a hundred communities; ten pages are a thousand. */
const COMMUNITY_PAGES_MAX = 10
const TOWNS_FRESH_MS = 60_000

let towns: { readonly list: CompoundSearch['towns']; readonly until: number } | undefined

async function allTowns(): Promise<CompoundSearch['towns']> {
  if (towns && towns.until > Date.now()) return towns.list
  const communities: CommunityRow[] = []
  let cursor: string | undefined
  for (let turn = 0; turn < COMMUNITY_PAGES_MAX; turn += 1) {
    const answer = await api(listCommunities, { query: { limit: PAGE, cursor } }, { token: undefined })
    if (!answer.ok) break
    communities.push(...answer.data.items)
    cursor = answer.data.nextCursor
    if (cursor === undefined) break
  }
  const list = [...Map.groupBy(communities, (community) => community.townName)].map(([townName, ofTown]) => ({
    townName,
    communities: ofTown,
  }))
  if (list.length > 0) towns = { list, until: Date.now() + TOWNS_FRESH_MS }
  return list
}

export async function searchCompounds(params: URLSearchParams): Promise<CompoundSearch> {
  const q = (params.get('q') ?? '').trim().slice(0, 40)
  const communityId = /^[a-z0-9.-]{1,64}$/.exec(params.get('community') ?? '')?.[0]
  const searched = q !== '' || communityId !== undefined
  const [found, list] = await Promise.all([
    searched ? publicRead(listCompounds, { query: { limit: PAGE, ...(q ? { q } : { communityId }) } }) : undefined,
    allTowns(),
  ])
  const page = found?.ok ? found.data : { items: [], nextCursor: undefined }
  return { q, communityId, compounds: page.items, more: page.nextCursor !== undefined, searched, towns: list }
}
