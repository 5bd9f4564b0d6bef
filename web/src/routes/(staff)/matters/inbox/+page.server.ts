import { actOnMatter, listMattersOfBody } from '#shared/contracts/matters.ts'
import { api } from '#web/lib/server/api.ts'
import { typedOf } from '#web/lib/server/form-photos.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad } from './$types'

const SHOWN = 50

/** What a body has to do, the next deadline first. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const bodies = (await membershipsOf(event, 'body')).map(({ scopeId, scopeName }) => ({
    ...{ bodyId: scopeId, name: scopeName },
  }))
  const wanted = event.url.searchParams.get('body')
  const body = bodies.find(({ bodyId }) => bodyId === wanted) ?? bodies[0]
  const now = Date.now()
  if (body === undefined) return { bodies, body, items: [], nextCursor: undefined, late: lateDaysOf([], now), now }
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const listed = await api(listMattersOfBody, { query: { bodyId: body.bodyId, cursor, limit: SHOWN } }, { token })
  const { items, nextCursor } = dataOrError(listed, event)
  return { bodies, body, items, nextCursor, late: lateDaysOf(items, now), now }
}

export const actions: Actions = {
  accept: async (event) => {
    const token = await neededToken(event)
    const { matterId = 'none' } = typedOf(await event.request.formData())
    const answer = await api(actOnMatter, { params: { matterId }, body: { act: 'accept' } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, {})
    return { done: 'accept' as const }
  },
}
