import { error } from '@sveltejs/kit'
import { listBodies } from '#shared/contracts/places-bodies.ts'
import { listCompounds } from '#shared/contracts/places.ts'
import { quarterSchema } from '#shared/contracts/rankings.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { listSunshineTasks } from '#shared/contracts/sunshine.ts'
import { openBook } from '#shared/contracts/sunshine-book.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, failedHere, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import { quarterNow } from '#web/lib/sunshine/term.ts'
import { sunshineDeskWords } from '#web/lib/text/sunshine-desk.ts'
import type { Actions, PageServerLoad } from './$types'

const QUARTERS_BACK = 4

/** Objections for a community to decide, its compounds, and opening a book. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const communities = await communitiesOf(event, ['worker'], ['admin'])
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) {
    error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  }
  const { communityId } = community
  const [tasks, bodies, compounds] = await Promise.all([
    api(listSunshineTasks, { query: { communityId } }, { token }),
    publicRead(listBodies, { query: { communityId } }),
    publicRead(listCompounds, { query: { communityId, limit: PAGE_MAX } }),
  ])
  return {
    ...{ communities, community, tasks: dataOrError(tasks, event).items, now: Date.now() },
    bodies: dataOrError(bodies, event).items.filter(
      (each) => each.kind === 'property' && each.communityId === communityId,
    ),
    compounds: dataOrError(compounds, event).items.map(({ compoundId, name }) => ({ compoundId, name })),
    quarters: [quarterNow(Date.now()), ...quartersOver(Date.now(), QUARTERS_BACK)],
  }
}

export const actions: Actions = {
  open: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const typed: Record<string, string> = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    const { compoundId = '', bodyId = '', sum = '', openingNote = '' } = typed
    const quarter = quarterSchema.safeParse(typed['firstQuarter'])
    const openingFen = fenFromText(sum)
    if (openingFen === undefined || !quarter.success) {
      const wrong = sunshineDeskWords.amountWrong[event.locals.lang === 'zh' ? 0 : 1]
      return failedHere({ message: wrong, fields: { openingFen: wrong } }, event.locals.lang, { typed })
    }
    const body = { bodyId, firstQuarter: quarter.data, openingFen, openingNote }
    const answer = await api(openBook, { params: { compoundId }, body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { typed })
    return { done: true }
  },
}
