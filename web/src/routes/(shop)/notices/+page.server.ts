import { redirect } from '@sveltejs/kit'
import { listNotices, readAllNotices, readNotice } from '#shared/contracts/notifications.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { items, nextCursor } = dataOrError(await api(listNotices, { query: { cursor, limit: 20 } }, { token }), event)
  return { notices: items, cursor, nextCursor, now: Date.now() }
}

export const actions: Actions = {
  read: async (event) => {
    const token = await neededToken(event)
    const noticeId = String((await event.request.formData()).get('noticeId') ?? '')
    const done = await api(readNotice, { params: { noticeId } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, {})
    redirect(303, event.url.pathname + pageOf(event.url))
  },
  readAll: async (event) => {
    const token = await neededToken(event)
    const done = await api(readAllNotices, {}, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, {})
    redirect(303, event.url.pathname)
  },
}

/** The page of the list that the form stood on. */
function pageOf(url: URL): string {
  const cursor = url.searchParams.get('cursor')
  return cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
}
