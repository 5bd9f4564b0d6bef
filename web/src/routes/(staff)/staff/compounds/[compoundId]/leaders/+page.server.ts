import { appointLeader, endLeader, getCompound, listHouseholdMembers, listLeaders } from '#shared/contracts/places.ts'
import { normalizePlacePart } from '#shared/domain/places/household-id.ts'
import { LEADERS_PER_BUILDING_MAX } from '#shared/domain/places/refuse-leader.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, formProblem, neededToken } from '#web/lib/server/problems.ts'
import { say } from '#web/lib/text/lang.ts'
import { leaderWords } from '#web/lib/text/leaders.ts'
import type { Actions, PageServerLoad } from './$types'

const NAME_MAX = 12

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const building = (event.url.searchParams.get('building') ?? '').trim()
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const query = { state: 'verified', building, cursor, limit: 50 } as const
  const [place, found, members] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listLeaders, { params: { compoundId } }, { token }),
    building === '' ? undefined : api(listHouseholdMembers, { params: { compoundId }, query }, { token }),
  ])
  const { name, buildings } = dataOrError(place, event)
  const leaders = dataOrError(found, event).items
  const isHere = (label: string) => normalizePlacePart('building', label) === normalizePlacePart('building', building)
  const here = leaders.filter((leader) => isHere(leader.building))
  return {
    ...{ compoundId, name, leaders, building },
    now: Date.now(),
    buildings: buildings.map(({ label }) => label),
    mostLeaders: LEADERS_PER_BUILDING_MAX,
    isFull: here.length >= LEADERS_PER_BUILDING_MAX,
    /** Verified residents of the building who do not lead it yet. */
    residents: members?.ok
      ? members.data.items.filter((each) => !here.some(({ memberId }) => memberId === each.memberId))
      : undefined,
    buildingProblem: members?.ok === false ? formProblem(members.problem, event.locals.lang) : undefined,
    nextCursor: members?.ok ? members.data.nextCursor : undefined,
  }
}

export const actions: Actions = {
  appoint: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const typed = { who: text('who'), knownAs: text('knownAs') }
    const [householdId = '', memberId = ''] = typed.who.split(' ')
    if (memberId === '') {
      const fields = { who: say(leaderWords, lang).chooseWho }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', typed)
    }
    const params = { householdId, memberId }
    const done = await api(appointLeader, { params, body: { knownAs: typed.knownAs } }, { token })
    if (!done.ok) return failed(done.problem, lang, typed)
    return { done: say(leaderWords, lang).done(done.data.knownAs, done.data.building) }
  },
  end: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const params = { householdId: text('householdId'), memberId: text('memberId') }
    const ended = await api(endLeader, { params }, { token })
    if (!ended.ok) return failed(ended.problem, lang, { who: '', knownAs: '' })
    const named = [text('knownAs').slice(0, NAME_MAX), text('building').slice(0, NAME_MAX)] as const
    return { done: say(leaderWords, lang).ended(...named) }
  },
}
