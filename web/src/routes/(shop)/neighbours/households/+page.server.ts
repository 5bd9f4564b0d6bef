import { confirmNeighbour, listHouseholdMembers } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { ledBy } from '#web/lib/server/led-by.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { compoundId, leader } = await ledBy(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const query = { state: 'claimed', cursor, limit: 50 } as const
  const waiting = await api(
    listHouseholdMembers,
    { params: { compoundId }, query },
    { token: await neededToken(event) },
  )
  const { items, nextCursor } = dataOrError(waiting, event)
  return { building: leader.building, members: items, nextCursor, now: Date.now() }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const [householdId, memberId, code] = [text('householdId'), text('memberId'), text('code')]
    const done = await api(confirmNeighbour, { params: { householdId, memberId }, body: { code } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { memberId, code })
    return { verified: text('label').slice(0, 60) }
  },
}
