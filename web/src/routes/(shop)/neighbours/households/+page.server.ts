import { listHouseholdMembers, rejectHouseholdMember, verifyHouseholdMember } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { ledBy } from '#web/lib/server/led-by.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { readMember } from '#web/lib/server/read-member.ts'
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
  verify: async (event) => {
    const token = await neededToken(event)
    const { params, label } = await readMember(event)
    const done = await api(verifyHouseholdMember, { params }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { memberId: params.memberId, reason: '' })
    return { verified: label }
  },
  reject: async (event) => {
    const token = await neededToken(event)
    const { params, label, reason } = await readMember(event)
    const done = await api(rejectHouseholdMember, { params, body: { reason } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { memberId: params.memberId, reason })
    return { rejected: label }
  },
}
