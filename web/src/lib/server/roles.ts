import { error, type RequestEvent } from '@sveltejs/kit'
import { sentenceOf } from './problems.ts'
import type { Me } from './visitor.ts'

type Membership = Me['memberships'][number]

/** The caller's memberships of a role. Pages show by it; what may really be done, the API decides. */
export async function membershipsOf(event: RequestEvent, role: Membership['role']): Promise<readonly Membership[]> {
  const me = await event.locals.visitor.me()
  return me?.memberships.filter((membership) => membership.role === role) ?? []
}

/** The co-op that a page is about: the one asked for, if it is the caller's, else the first. */
export async function myCoop(event: RequestEvent): Promise<{ coop: Membership; all: readonly Membership[] }> {
  const all = await membershipsOf(event, 'coop')
  const wanted = event.url.searchParams.get('coop')
  const coop = all.find(({ scopeId }) => scopeId === wanted) ?? all[0]
  if (!coop) error(404, { message: sentenceOf('NOT_FOUND', event.locals.lang), code: 'NOT_FOUND' })
  return { coop, all }
}
