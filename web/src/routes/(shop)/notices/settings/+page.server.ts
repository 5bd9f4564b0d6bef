import { redirect } from '@sveltejs/kit'
import {
  confirmEmail,
  dropEmail,
  getNoticeSettings,
  noticeKinds,
  type NoticeKind,
  saveNoticeSettings,
  sendEmailCode,
} from '#shared/contracts/notifications.ts'
import { api, type Result } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad } from './$types'

/** What was just done, said once on the page that follows. */
const outcomes = ['sent', 'confirmed', 'saved', 'dropped'] as const
type Outcome = (typeof outcomes)[number]

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [coops, bodies, supervised, committees, workers, admins] = await Promise.all(
    (['coop', 'body', 'supervisor', 'committee', 'worker', 'admin'] as const).map((role) => membershipsOf(event, role)),
  )
  const isFor: Partial<Record<NoticeKind, boolean>> = {
    'statement-made': (coops ?? []).length > 0,
    'matter-waits': (bodies ?? []).length + (supervised ?? []).length > 0,
    'proposal-waits': (committees ?? []).length > 0,
    'hook-off': [coops, workers, admins].some((held) => (held ?? []).length > 0),
  }
  const done = event.url.searchParams.get('done')
  // A letter's link brings its code along; sending it is left to the person, for mail programs open links by themselves.
  const code = /^\d{6}$/.exec(event.url.searchParams.get('code') ?? '')?.[0]
  return {
    settings: dataOrError(await api(getNoticeSettings, {}, { token }), event),
    // Of a statement only a co-op's members are told, of work only who does it; what others have chosen about it stays as it is.
    kinds: noticeKinds.map((kind) => ({ kind, isShown: isFor[kind] ?? true })),
    done: outcomes.find((each) => each === done),
    code,
    now: Date.now(),
  }
}

export const actions: Actions = {
  send: async (event) => {
    const token = await neededToken(event)
    const address = String((await event.request.formData()).get('address') ?? '').trim()
    return finish(await api(sendEmailCode, { body: { address } }, { token }), event, 'sent', { address })
  },
  confirm: async (event) => {
    const token = await neededToken(event)
    const code = String((await event.request.formData()).get('code') ?? '').trim()
    return finish(await api(confirmEmail, { body: { code } }, { token }), event, 'confirmed', { code })
  },
  save: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const chosen = form.getAll('kind').map(String)
    const body = {
      email: form.has('email'),
      messages: form.has('messages'),
      kinds: noticeKinds.filter((kind) => chosen.includes(kind)),
    }
    return finish(await api(saveNoticeSettings, { body }, { token }), event, 'saved', {})
  },
  drop: async (event) => {
    const token = await neededToken(event)
    return finish(await api(dropEmail, {}, { token }), event, 'dropped', {})
  },
}

type Event = Parameters<NonNullable<Actions[string]>>[0]

function finish<Kept extends { address?: string; code?: string }>(
  answer: Result<unknown>,
  event: Event,
  done: Outcome,
  kept: Kept,
) {
  if (!answer.ok) return failed(answer.problem, event.locals.lang, { address: undefined, code: undefined, ...kept })
  redirect(303, `${event.url.pathname}?done=${done}`)
}
