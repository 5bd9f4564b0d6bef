import { redirect } from '@sveltejs/kit'
import {
  changeHook,
  deliveryStates,
  getHook,
  hookEnvelopes,
  type HookDelivery,
  listHookDeliveries,
  removeHook,
  replayHookDelivery,
  replayHookRange,
  replayKinds,
  rotateHookKeys,
  testHook,
  turnHook,
} from '#shared/contracts/hooks.ts'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import { fromLocalInput, toLocalInput } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { hookWords } from '#web/lib/text/hooks.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const SHOWN = 20
/** A filter is looked for in so many pages before somebody is asked to look further. */
const PAGES_MAX = 5
const DAY_MS = 86_400_000

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const params = { hookId: event.params.hookId }
  const state = deliveryStates.find((each) => each === event.url.searchParams.get('state'))
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [hook, log] = await Promise.all([api(getHook, { params }, { token }), deliveries(event, token, state, cursor)])
  const now = Date.now()
  return {
    hook: dataOrError(hook, event),
    ...log,
    state,
    states: deliveryStates,
    types: hookTypes,
    envelopes: hookEnvelopes,
    // The last day, until somebody says otherwise.
    stretch: {
      from: toLocalInput(new Date(now - DAY_MS).toISOString()),
      to: toLocalInput(new Date(now).toISOString()),
    },
    now,
  }
}

async function deliveries(
  event: Parameters<PageServerLoad>[0],
  token: string,
  state: HookDelivery['state'] | undefined,
  from: string | undefined,
) {
  const params = { hookId: event.params.hookId }
  const items: HookDelivery[] = []
  let cursor = from
  for (let turn = 0; turn < PAGES_MAX; turn++) {
    const query = { limit: SHOWN, state, cursor }
    const page = dataOrError(await api(listHookDeliveries, { params, query }, { token }), event)
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined || items.length >= SHOWN) break
  }
  return { items, nextCursor: cursor }
}

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return { token, form, text, params: { hookId: event.params.hookId }, lang: event.locals.lang }
}

export const actions: Actions = {
  change: async (event) => {
    const { token, form, text, params, lang } = await sent(event)
    const types = hookTypes.filter((type) => form.getAll('types').includes(type))
    const envelope = hookEnvelopes.find((each) => each === text('envelope'))
    const typed = { name: text('name'), url: text('url'), types, envelope }
    const body = { version: Number(text('version')), ...typed }
    const answer = await api(changeHook, { params, body }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'settings', typed })
    return { done: 'changed' as const }
  },
  turn: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const state = text('state') === 'on' ? 'on' : 'off'
    const answer = await api(turnHook, { params, body: { state } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'state' })
    return { done: state === 'on' ? ('on' as const) : ('off' as const) }
  },
  test: async (event) => {
    const { token, params, lang } = await sent(event)
    const answer = await api(testHook, { params }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'test' })
    const { state, attempts } = answer.data
    return { tested: { state, attempt: attempts.at(-1) } }
  },
  rotate: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const old = text('old') === 'stop' ? 'stop' : 'sign-along'
    const answer = await api(rotateHookKeys, { params, body: { old } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'keys' })
    return { secret: answer.data.secret }
  },
  again: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const deliveryId = text('deliveryId')
    const answer = await api(replayHookDelivery, { params: { ...params, deliveryId } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: deliveryId })
    return { queued: deliveryId }
  },
  replay: async (event) => {
    const { token, text, params, lang } = await sent(event)
    const typed = { from: text('from'), to: text('to'), which: text('which') }
    const [fromAt, toAt] = [fromLocalInput(typed.from), fromLocalInput(typed.to)]
    if (fromAt === undefined || toAt === undefined) {
      const note = say(hookWords, lang).badMoment
      const fields = {
        ...(fromAt === undefined ? { fromAt: note } : {}),
        ...(toAt === undefined ? { toAt: note } : {}),
      }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, lang, { about: 'replay', typed })
    }
    const which = replayKinds.find((each) => each === typed.which) ?? 'undelivered'
    const answer = await api(replayHookRange, { params, body: { fromAt, toAt, which } }, { token })
    if (!answer.ok) return failed(answer.problem, lang, { about: 'replay', typed })
    return { done: 'replay' as const }
  },
  remove: async (event) => {
    const { token, params, lang } = await sent(event)
    const answer = await api(removeHook, { params }, { token })
    if (!answer.ok && answer.status !== 404) return failed(answer.problem, lang, { about: 'remove' })
    redirect(303, '/staff/hooks')
  },
}
