import {
  getCompound,
  listHouseholdMembers,
  rejectHouseholdMember,
  verifyHouseholdMember,
  viewPhone,
} from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { readMember } from '#web/lib/server/read-member.ts'
import type { Actions, PageServerLoad } from './$types'

const views = { claimed: 'claimed', verified: 'verified', rejected: 'rejected', all: undefined } as const
type View = keyof typeof views

function viewOf(url: URL): View {
  const asked = url.searchParams.get('state')
  return asked === 'verified' || asked === 'rejected' || asked === 'all' ? asked : 'claimed'
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const view = viewOf(event.url)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, members] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listHouseholdMembers, { params: { compoundId }, query: { state: views[view], cursor, limit: 50 } }, { token }),
  ])
  const { items, nextCursor } = dataOrError(members, event)
  return { compoundId, name: dataOrError(compound, event).name, view, members: items, nextCursor, now: Date.now() }
}

export const actions: Actions = {
  verify: async (event) => {
    const token = await neededToken(event)
    const { params, label } = await readMember(event)
    const done = await api(verifyHouseholdMember, { params }, { token })
    if (!done.ok)
      return failed(done.problem, event.locals.lang, { memberId: params.memberId, about: 'verify', reason: '' })
    return { verified: label }
  },
  reject: async (event) => {
    const token = await neededToken(event)
    const { params, label, reason } = await readMember(event)
    const done = await api(rejectHouseholdMember, { params, body: { reason } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { memberId: params.memberId, about: 'reject', reason })
    return { rejected: label }
  },
  /** The number is in this one answer only; it is written nowhere and gone with the next page. */
  phone: async (event) => {
    const token = await neededToken(event)
    const { params, reason } = await readMember(event)
    const seen = await api(viewPhone, { params, body: { reason } }, { token })
    if (!seen.ok) return failed(seen.problem, event.locals.lang, { memberId: params.memberId, about: 'phone', reason })
    return { memberId: params.memberId, phone: seen.data.phone }
  },
}
