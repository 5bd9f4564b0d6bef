import { endDoor, listDoors, saveDoor } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { doorWords } from '#web/lib/text/doors.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const [place, found] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listDoors, { params: { compoundId } }, { token }),
  ])
  const { name, buildings } = dataOrError(place, event)
  return { compoundId, name, buildings, doors: dataOrError(found, event).items }
}

export const actions: Actions = {
  save: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const typed = { building: text('building'), unit: text('unit'), room: text('room'), volunteer: text('volunteer') }
    // Unchecked it is left to the API to say so, like everything else.
    const consent = (form.get('consent') === 'on') as true
    const { compoundId } = event.params
    const saved = await api(saveDoor, { params: { compoundId }, body: { ...typed, consent } }, { token })
    if (!saved.ok) return failed(saved.problem, lang, { typed })
    return { saved: say(doorWords, lang).saved(saved.data.householdLabel, saved.data.volunteer) }
  },
  end: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const params = { compoundId: event.params.compoundId, householdId: String(form.get('householdId') ?? '') }
    const ended = await api(endDoor, { params }, { token })
    return ended.ok
      ? { ended: true }
      : failed(ended.problem, event.locals.lang, { typed: {} as Record<string, string> })
  },
}
