import { listDisclosures } from '#shared/contracts/sunshine.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

/** Everybody reads it; who keeps the book finds the way to it. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { compoundId } = event.params
  const calendar = dataOrError(await api(listDisclosures, { params: { compoundId } }, { token }), event)
  return { calendar, now: Date.now() }
}
