import { listSunshineTasks } from '#shared/contracts/sunshine.ts'
import { listBooks } from '#shared/contracts/sunshine-book.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

/** Whoever acts for more bodies finds the rest on the public pages. */
const BODIES_SHOWN = 5

/** What a property company, or the charity, has to do; and the books that the company keeps. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [bodies, charity] = await Promise.all([membershipsOf(event, 'body'), membershipsOf(event, 'charity')])
  const ofBodies = await Promise.all(
    bodies.slice(0, BODIES_SHOWN).map(async ({ scopeId: bodyId, scopeName: name }) => {
      const [tasks, books] = await Promise.all([
        api(listSunshineTasks, { query: { bodyId } }, { token }),
        api(listBooks, { query: { bodyId } }, { token }),
      ])
      return { bodyId, name, tasks: dataOrError(tasks, event).items, books: dataOrError(books, event).items }
    }),
  )
  const ofCharity =
    charity.length === 0 ? undefined : dataOrError(await api(listSunshineTasks, {}, { token }), event).items
  return { ofBodies, ofCharity, now: Date.now() }
}
