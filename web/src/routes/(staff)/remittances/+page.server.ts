import { randomUUID } from 'node:crypto'
import { redirect } from '@sveltejs/kit'
import { listDue, listRemittances, prepareRemittance } from '#shared/contracts/fund-remittances.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad } from './$types'

const SHOWN = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [due, listed, admins] = await Promise.all([
    api(listDue, {}, { token }),
    api(listRemittances, { query: { cursor, limit: SHOWN } }, { token }),
    membershipsOf(event, 'admin'),
  ])
  const { items, nextCursor } = dataOrError(listed, event)
  return {
    due: dataOrError(due, event),
    remittances: items,
    nextCursor,
    isAdmin: admins.length > 0,
    // Part of the form: sent twice it makes one list.
    remittanceId: randomUUID(),
  }
}

export const actions: Actions = {
  prepare: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const remittanceId = String(form.get('remittanceId') ?? '')
    const done = await api(prepareRemittance, { params: { remittanceId } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, {})
    redirect(303, `/remittances/${remittanceId}?done=prepared`)
  },
}
