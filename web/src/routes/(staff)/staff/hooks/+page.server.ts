import { randomUUID } from 'node:crypto'
import { error } from '@sveltejs/kit'
import {
  addCheck,
  CHECK_SECONDS,
  CHECK_SECONDS_MAX,
  listChecks,
  listQuestions,
  removeCheck,
  rotateCheckKeys,
  tryCheck,
  turnCheck,
} from '#shared/contracts/hooks-checks.ts'
import { addHook, hookEnvelopes, type HookScope, type HookView, listHooks } from '#shared/contracts/hooks.ts'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import { getCompound, listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

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
  const [listed, scopes, search, checks] = await Promise.all([
    isAdmin ? all(event, token, cursor) : ofCommunities(event, token, workers),
    isAdmin ? scopesOfAdmin(event) : scopesOfWorker(event, workers),
    isAdmin ? searchCompounds(event.url.searchParams) : undefined,
    isAdmin ? checksOf(event, token) : undefined,
  ])
  return {
    ...listed,
    scopes,
    search,
    checks,
    newCheckId: randomUUID(),
    seconds: { usual: CHECK_SECONDS, max: CHECK_SECONDS_MAX },
    // Told from here: the contracts bring their schemas along, which no phone needs.
    types: hookTypes,
    envelopes: hookEnvelopes,
    // Part of the form: sent twice it makes one.
    newId: randomUUID(),
    chosen: event.url.searchParams.get('compound') ?? undefined,
    now: Date.now(),
  }
}

async function all(event: Parameters<PageServerLoad>[0], token: string, cursor: string | undefined) {
  return dataOrError(await api(listHooks, { query: { limit: 50, cursor } }, { token }), event)
}

const QUESTIONS_SHOWN = 5

/** All checks, each with what it was last asked: administrators only. */
async function checksOf(event: Parameters<PageServerLoad>[0], token: string) {
  const { items } = dataOrError(await api(listChecks, { query: { limit: PAGE_MAX } }, { token }), event)
  return Promise.all(
    items.map(async (check) => {
      const params = { checkId: check.checkId }
      const asked = await api(listQuestions, { params, query: { limit: QUESTIONS_SHOWN } }, { token })
      // One that was removed meanwhile was asked nothing.
      return { ...check, questions: asked.ok ? asked.data.items : [] }
    }),
  )
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

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return { token, text, params: { checkId: text('checkId') }, lang: event.locals.lang }
}

export const actions: Actions = {
  add: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const types = hookTypes.filter((type) => form.getAll('types').includes(type))
    const envelope = hookEnvelopes.find((each) => each === text('envelope')) ?? 'plain'
    const typed = {
      hookId: text('hookId'),
      name: text('name'),
      url: text('url'),
      scope: text('scope'),
      types,
      envelope,
    }
    const body = { name: typed.name, url: typed.url, types, envelope, scope: scopeOf(typed.scope) }
    const added = await api(addHook, { params: { hookId: typed.hookId }, body }, { token })
    if (!added.ok) return failed(added.problem, event.locals.lang, { typed })
    const { hook, secret } = added.data
    return { added: { hookId: hook.hookId, name: hook.name, secret } }
  },
  addCheck: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const typedCheck = {
      ...params,
      name: text('name'),
      url: text('url'),
      scope: text('scope'),
      seconds: text('seconds'),
    }
    const scope = scopeOf(typedCheck.scope)
    const body = {
      ...{ name: typedCheck.name, url: typedCheck.url, seconds: Number(typedCheck.seconds) },
      scope: scope.kind === 'community' ? scope : ({ kind: 'district' } as const),
    }
    const answer = await api(addCheck, { params, body }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { typedCheck })
    const { check, secret } = answer.data
    return { check: { checkId: check.checkId, name: check.name, secret, isNew: true } }
  },
  turnCheck: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const state = text('state') === 'on' ? 'on' : 'off'
    const answer = await api(turnCheck, { params, body: { state } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'check' as const })
    return { doneCheck: state === 'on' ? ('on' as const) : ('off' as const) }
  },
  removeCheck: async (event) => {
    const { token, params, lang } = await sent(event)
    const answer = await api(removeCheck, { params }, { token })
    if (!answer.ok && answer.status !== 404) return failed(answer.problem, lang, { about: 'check' as const })
    return { doneCheck: 'removed' as const }
  },
  rotateCheck: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const old = text('old') === 'stop' ? 'stop' : 'sign-along'
    const answer = await api(rotateCheckKeys, { params, body: { old } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'check' as const })
    const { check, secret } = answer.data
    return { check: { checkId: check.checkId, name: check.name, secret, isNew: false } }
  },
  tryCheck: async (event) => {
    const { token, params, lang } = await sent(event)
    const answer = await api(tryCheck, { params }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'check' as const })
    return { tried: answer.data }
  },
}
