import type { RequestEvent } from '@sveltejs/kit'
import { listCommunities, type MembershipView } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { dataOrError } from './problems.ts'
import { publicRead } from './public-reads.ts'

const PAGES_MAX = 5

export type Community = { readonly communityId: string; readonly name: string }
type Role = MembershipView['role']

/** Communities in which somebody has one of these roles; those of the whole district for who works for it. */
export async function communitiesOf(
  event: RequestEvent,
  own: readonly Role[],
  district: readonly Role[],
): Promise<Community[]> {
  const held = (await event.locals.visitor.me())?.memberships ?? []
  if (held.some(({ role }) => district.includes(role))) return allCommunities(event)
  const mine = held
    .filter(({ role }) => own.includes(role))
    .map(({ scopeId, scopeName }) => [scopeId, scopeName] as const)
  return [...new Map(mine)].map(([communityId, name]) => ({ communityId, name }))
}

async function allCommunities(event: RequestEvent): Promise<Community[]> {
  const all: Community[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = dataOrError(await publicRead(listCommunities, { query: { limit: PAGE_MAX, cursor } }), event)
    all.push(...found.items.map(({ communityId, name, townName }) => ({ communityId, name: `${townName} ${name}` })))
    cursor = found.nextCursor
    if (cursor === undefined) break
  }
  return all
}
