import { error } from '@sveltejs/kit'
import type { Problem } from '#shared/contracts/route.ts'
import {
  actOnMatter,
  followMatter,
  getMatter,
  MATTER_PHOTOS_MAX,
  matterActs,
  rateMatter,
} from '#shared/contracts/matters.ts'
import { photoActs } from '#web/lib/matters/act-fields.ts'
import { api } from '#web/lib/server/api.ts'
import { livesIn, workersOf } from '#web/lib/server/grids.ts'
import { matterActOfForm, unreadableMatterAct } from '#web/lib/server/matter-act-of-form.ts'
import { choicesFor } from '#web/lib/server/matter-choices.ts'
import { takePhotos, typedOf, withoutPhotos } from '#web/lib/server/form-photos.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { dataOrError, failed, failedHere, neededToken } from '#web/lib/server/problems.ts'
import { say } from '#web/lib/text/lang.ts'
import { matterActWords } from '#web/lib/text/matter-acts.ts'
import { matterPageWords } from '#web/lib/text/matters.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

type Typed = Readonly<Record<string, string>>

/** Everybody reads it; who is signed in sees what they may do. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { matterId } = event.params
  const matter = dataOrError(await api(getMatter, { params: { matterId } }, { token }), event)
  const query = event.url.searchParams
  const now = Date.now()
  return {
    matter,
    choices: await choicesFor(matter, token),
    workers: await workersOf(matter.communityId, matter.compoundId),
    livesHere: await livesIn(event, matter.compoundId),
    signedIn: token !== undefined,
    /** What somebody came here to do. */
    opens: query.get('do') ?? undefined,
    came: query.has('raised') ? ('raised' as const) : query.has('followed') ? ('followed' as const) : undefined,
    late: lateDaysOf([matter], now),
    now,
  }
}

function refused(event: RequestEvent, about: string, typed: Typed, problem: Problem) {
  return failed(problem, event.locals.lang, { about, typed })
}

const isAct = (act: string) => (matterActs as readonly string[]).includes(act)

export const actions: Actions = {
  act: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    let typed = typedOf(form)
    const { act = '', formId = '' } = typed
    const { lang } = event.locals
    if (!isAct(act)) error(400, { message: 'act', code: 'INVALID' })
    let photoIds: string[] = []
    const words = say(matterActWords, lang)
    const wrong = Object.entries(unreadableMatterAct(act, typed)).map(([name, word]) => [name, words[word]])
    if ((photoActs as readonly string[]).includes(act)) {
      const { matterId } = event.params
      const matter = await api(getMatter, { params: { matterId } }, { token })
      if (!matter.ok) return refused(event, act, typed, matter.problem)
      const photoFor = { kind: 'matter', compoundId: matter.data.compoundId } as const
      const to = { photoFor, max: MATTER_PHOTOS_MAX, formId: `${matterId} ${act} ${formId}`, token, lang }
      const taken = await takePhotos(form, typed, to)
      typed = taken.typed
      photoIds = taken.photoIds
      if (taken.problem !== undefined) return refused(event, act, typed, taken.problem)
    }
    if (wrong.length > 0) {
      const fields = Object.fromEntries(wrong) as Record<string, string>
      return failedHere({ fields }, lang, { about: act, typed })
    }
    const body = matterActOfForm(act, typed, photoIds)
    const answer = await api(actOnMatter, { params: event.params, body }, { token })
    if (!answer.ok) {
      if (answer.problem.code === 'UNKNOWN_PHOTO') typed = withoutPhotos(typed)
      return refused(event, act, typed, answer.problem)
    }
    return { done: 'act' as const }
  },
  follow: async (event) => {
    const token = await neededToken(event)
    const typed = typedOf(await event.request.formData())
    const following = typed['following'] === 'true'
    const answer = await api(followMatter, { params: event.params, body: { following } }, { token })
    if (!answer.ok) return refused(event, 'follow', typed, answer.problem)
    return { done: following ? ('followed' as const) : ('unfollowed' as const) }
  },
  rate: async (event) => {
    const token = await neededToken(event)
    const typed = typedOf(await event.request.formData())
    const isSaid = [typed['answered'], typed['solved']].every((text) => text === 'true' || text === 'false')
    const score = Number(typed['score'])
    if (!isSaid || !(score >= 1 && score <= 5)) {
      const message = say(matterPageWords, event.locals.lang).rateBoth
      return failedHere({ message }, event.locals.lang, { about: 'rate', typed })
    }
    const body = { answered: typed['answered'] === 'true', solved: typed['solved'] === 'true', score }
    const answer = await api(rateMatter, { params: event.params, body }, { token })
    if (!answer.ok) return refused(event, 'rate', typed, answer.problem)
    return { done: 'rate' as const }
  },
}
