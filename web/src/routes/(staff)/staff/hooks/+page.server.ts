import { randomUUID } from 'node:crypto'
import { error } from '@sveltejs/kit'
import { addHook, type HookScope, type HookView, listHooks } from '#shared/contracts/hooks.ts'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import { getCompound, listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad } from './$types'

/** A worker's communities are few, and each scope has twenty subscriptions at most. */
const PAGES_MAX = 10

type Scope = { readonly value: string; readonly kind: 'district' | 'community' | 'compound'; readonly name: string }

/** A worker sees the subscriptions of their communities, an administrator all. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [workers, admins] = await Promise.all([membershipsOf(event, 'worker'), membershipsOf(event, 'admin')])
  const isAdmin = admins.length > 0
  if (!isAdmin && workers.length === 0)
    error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [listed, scopes, search] = await Promise.all([
    isAdmin ? all(event, token, cursor) : ofCommunities(event, token, workers),
    isAdmin ? scopesOfAdmin(event) : scopesOfWorker(event, workers),
    isAdmin ? searchCompounds(event.url.searchParams) : undefined,
  ])
  return {
    ...listed,
    scopes,
    search,
    // Told from here: the contracts bring their schemas along, which no phone needs.
    types: hookTypes,
    // Part of the form: sent twice it makes one.
    newId: randomUUID(),
    chosen: event.url.searchParams.get('compound') ?? undefined,
    now: Date.now(),
  }
}

async function all(event: Parameters<PageServerLoad>[0], token: string, cursor: string | undefined) {
  return dataOrError(await api(listHooks, { query: { limit: 50, cursor } }, { token }), event)
}

type Memberships = Awaited<ReturnType<typeof membershipsOf>>

async function ofCommunities(event: Parameters<PageServerLoad>[0], token: string, workers: Memberships) {
  const items: HookView[] = []
  for (const { scopeId: communityId } of workers) {
    let cursor: string | undefined
    for (let turn = 0; turn < PAGES_MAX; turn++) {
      const page = dataOrError(
        await api(listHooks, { query: { communityId, limit: PAGE_MAX, cursor } }, { token }),
        event,
      )
      items.push(...page.items)
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
  }
  return { items, nextCursor: undefined }
}

async function scopesOfWorker(event: Parameters<PageServerLoad>[0], workers: Memberships): Promise<Scope[]> {
  const found = await Promise.all(
    workers.map(async ({ scopeId, scopeName }) => {
      const query = { communityId: scopeId, limit: PAGE_MAX }
      const { items } = dataOrError(await publicRead(listCompounds, { query }), event)
      const compounds = items.map(({ compoundId, name }) => ({
        value: `compound ${compoundId}`,
        kind: 'compound' as const,
        name,
      }))
      return [{ value: `community ${scopeId}`, kind: 'community' as const, name: scopeName }, ...compounds]
    }),
  )
  return found.flat()
}

/** The district, and what was looked up below: a district has hundreds of compounds. */
async function scopesOfAdmin(event: Parameters<PageServerLoad>[0]): Promise<Scope[]> {
  const district: Scope = { value: 'district', kind: 'district', name: '' }
  const compoundId = event.url.searchParams.get('compound')
  if (compoundId === null) return [district]
  const found = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  return [
    { value: `compound ${found.compoundId}`, kind: 'compound', name: found.name },
    { value: `community ${found.communityId}`, kind: 'community', name: found.communityName },
    district,
  ]
}

function scopeOf(text: string): HookScope {
  const [kind, id = ''] = text.split(' ')
  if (kind === 'community' || kind === 'compound') return { kind, id }
  return { kind: 'district' }
}

export const actions: Actions = {
  add: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const types = hookTypes.filter((type) => form.getAll('types').includes(type))
    const typed = { hookId: text('hookId'), name: text('name'), url: text('url'), scope: text('scope'), types }
    const body = { name: typed.name, url: typed.url, types, scope: scopeOf(typed.scope) }
    const added = await api(addHook, { params: { hookId: typed.hookId }, body }, { token })
    if (!added.ok) return failed(added.problem, event.locals.lang, { typed })
    const { hook, secret } = added.data
    return { added: { hookId: hook.hookId, name: hook.name, secret } }
  },
}
