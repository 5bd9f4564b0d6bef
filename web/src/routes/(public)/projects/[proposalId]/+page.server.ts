import { createHash, randomUUID } from 'node:crypto'
import { error } from '@sveltejs/kit'
import { askPaymentChecks, payProject } from '#shared/contracts/fund-projects.ts'
import {
  actOnProposal,
  castVote,
  commitmentText,
  choices,
  electorates,
  getProposal,
  possibleActs,
  PROJECT_PHOTOS_MAX,
  rateProposal,
} from '#shared/contracts/governance.ts'
import { ownersActs } from '#web/lib/projects/act-fields.ts'
import { enterPaperBallot, listPaperBallots } from '#shared/contracts/governance-paper.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { listMatters } from '#shared/contracts/matters.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { api } from '#web/lib/server/api.ts'
import { actOfForm, formFields, milestoneOf, unreadable } from '#web/lib/server/act-of-form.ts'
import { readOwnersForm } from '#web/lib/server/owners-list.ts'
import { takePhotos, withoutPhotos } from '#web/lib/server/form-photos.ts'
import { dataOrError, failed, failedHere, neededToken } from '#web/lib/server/problems.ts'
import type { Typed } from '#web/lib/server/typed-text.ts'
import { say } from '#web/lib/text/lang.ts'
import { milestoneWords } from '#web/lib/text/milestones.ts'
import { projectPhotoWords } from '#web/lib/text/project-photos.ts'
import { projectWords } from '#web/lib/text/projects.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const MATTERS_SHOWN = 10
const PAPERS_SHOWN = 100

/** Everybody reads it; who is signed in sees what they may do. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { proposalId } = event.params
  const proposal = dataOrError(await api(getProposal, { params: { proposalId } }, { token }), event)
  const matters = await publicRead(listMatters, { query: { proposalId, limit: MATTERS_SHOWN } })
  // Without them the form is there all the same.
  const papers = (proposal.papersWaiting ?? 0) > 0 ? await waitingPapers(proposalId, token) : []
  return {
    proposal,
    papers,
    // What residents asked for first. The page is there without it.
    matters: matters.ok ? matters.data.items.map(({ matterId, title }) => ({ matterId, title })) : [],
    // What finds one's vote in the published file: told to nobody but who holds the receipt.
    commitments: proposal.myVotes.map(({ receipt }) => commitmentOf(receipt)),
    // What is made by the server is one, however often its form is sent.
    newId: randomUUID(),
    photosMax: PROJECT_PHOTOS_MAX,
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

async function waitingPapers(proposalId: string, token: string | undefined) {
  const answer = await api(listPaperBallots, { params: { proposalId }, query: { limit: PAPERS_SHOWN } }, { token })
  return answer.ok ? answer.data.items : []
}

function commitmentOf(receipt: string): string {
  return createHash('sha256').update(commitmentText(receipt)).digest('hex')
}

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const typed: Typed = Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  )
  return { token, form, typed, params: { proposalId: event.params.proposalId } }
}

function refused(event: RequestEvent, about: string, typed: Typed, problem: Problem) {
  const act = typed['act'] ?? ''
  const fields = problem.fields === undefined ? {} : { fields: formFields(act, problem.fields, typed) }
  return failed({ ...problem, ...fields }, event.locals.lang, { about, typed })
}

/** A list is long and its rows are personal: it is not sent back. Whoever entered one that differs is told where. */
async function refusedList(event: RequestEvent, about: string, problem: Problem, token: string) {
  const { proposalId } = event.params
  const shown =
    problem.code === 'LISTS_DIFFER' ? await api(getProposal, { params: { proposalId } }, { token }) : undefined
  const differ = shown?.ok ? shown.data.ownersDiffer : undefined
  const kept = { about, typed: {}, ...(differ === undefined ? {} : { differ }) }
  return failed({ ...problem, fields: {} }, event.locals.lang, kept)
}

const isAct = (act: string) => (possibleActs as readonly string[]).includes(act)

/** Which form it was: acts about one objection, or one photo, have a form of each. */
function aboutOf(act: string, { objectionId, photoId, about }: Typed): string {
  if (objectionId && act !== 'object') return `${act}-${objectionId}`
  // A photo that everybody sees as a covered copy has the form of the one that was handed in.
  return photoId ? `${act}-${about || photoId}` : act
}

/** Photos that come with a form are sent first; a covered copy is one. */
async function photosOf(event: RequestEvent, form: FormData, typed: Typed, token: string) {
  const { act, formId, photoId = '', needsCopy } = typed
  if (act !== 'finish' && act !== 'show-photo') return { typed, photoIds: [] }
  const { proposalId } = event.params
  const taken = await takePhotos(form, typed, {
    photoFor: { kind: 'project', proposalId },
    max: act === 'finish' ? PROJECT_PHOTOS_MAX : 1,
    ...{ formId: `${proposalId} ${act} ${photoId} ${formId}`, token, lang: event.locals.lang },
  })
  const isMissing = needsCopy !== undefined && taken.photoIds.length === 0 && taken.problem === undefined
  if (!isMissing) return taken
  const photos = say(projectPhotoWords, event.locals.lang).coveredMissing
  return { ...taken, problem: { type: '', title: '', status: 400, code: 'INVALID', fields: { photos } } }
}

export const actions: Actions = {
  act: async (event) => {
    const { token, form, typed: first, params } = await sent(event)
    const { act = '' } = first
    if (!isAct(act)) error(400, { message: 'act', code: 'INVALID' })
    const about = aboutOf(act, first)
    const taken = await photosOf(event, form, first, token)
    const { typed, photoIds } = taken
    if (taken.problem !== undefined) return refused(event, about, typed, taken.problem)
    const wrong = unreadable(act, typed)
    if (Object.keys(wrong).length > 0) {
      const words = say({ ...projectWords, ...milestoneWords }, event.locals.lang)
      const fields = Object.fromEntries(Object.entries(wrong).map(([name, word]) => [name, words[word]]))
      return refused(event, about, typed, { type: '', title: '', status: 400, code: 'INVALID', fields })
    }
    const answer =
      act === 'pay'
        ? await pay(event, token, typed)
        : await api(actOnProposal, { params, body: actOfForm(act, typed, photoIds) }, { token })
    if (!answer.ok) {
      // What was sent of them is not there: they are chosen anew.
      const kept = answer.problem.code === 'UNKNOWN_PHOTO' ? withoutPhotos(typed) : typed
      if (ownersActs.some((each) => each === act)) return refusedList(event, about, answer.problem, token)
      return refused(event, about, kept, answer.problem)
    }
    return { done: 'act' as const }
  },
  /** Reads a list of owners and says what it comes to. Nothing is recorded, and nothing leaves this server. */
  owners: async (event) => {
    const { form, typed } = await sent(event)
    const act = ownersActs.find((each) => each === typed['act'])
    const item = Number(typed['item'])
    if (act === undefined || !(item >= 1 && item <= 9)) error(400, { message: 'owners', code: 'INVALID' })
    const read = await readOwnersForm(form, item, event.locals.lang)
    const { pasted = '' } = typed
    if ('problem' in read) return failedHere({ message: read.problem }, event.locals.lang, { about: act, typed: {} })
    return { owners: { act, read, pasted: 'faults' in read ? pasted : '' } }
  },
  check: async (event) => {
    const { token, typed } = await sent(event)
    const shown = await payable(event, token)
    const answer = shown.ok
      ? await api(
          askPaymentChecks,
          { params: shown.data.params, body: toCheck(shown.data.amountFen, typed) },
          { token },
        )
      : shown
    if (!answer.ok) return refused(event, 'check', typed, answer.problem)
    return { checked: answer.data.checks ?? ('none' as const) }
  },
  vote: async (event) => {
    const { token, typed, params } = await sent(event)
    const electorate = electorates.find((each) => each === typed['electorate'])
    const choice = choices.find((each) => each === typed['choice'])
    if (electorate === undefined || choice === undefined) error(400, { message: 'vote', code: 'INVALID' })
    const answer = await api(castVote, { params, body: { electorate, choice } }, { token })
    if (!answer.ok) return refused(event, 'vote', typed, answer.problem)
    return { done: 'vote' as const }
  },
  paper: async (event) => {
    const { token, typed, params } = await sent(event)
    const { building = '', unit = '', room = '' } = typed
    const choice = choices.find((each) => each === typed['choice'])
    if (choice === undefined) error(400, { message: 'paper', code: 'INVALID' })
    const answer = await api(enterPaperBallot, { params, body: { building, unit, room, choice } }, { token })
    if (!answer.ok) return refused(event, 'paper', typed, answer.problem)
    // A pile of papers is sorted by building: only the room is typed anew.
    return { entered: answer.data, next: { building, unit } }
  },
  rate: async (event) => {
    const { token, typed, params } = await sent(event)
    const answer = await api(rateProposal, { params, body: { score: Number(typed['score']) } }, { token })
    if (!answer.ok) return refused(event, 'rate', typed, answer.problem)
    return { done: 'rate' as const }
  },
}

/** What is to be paid, and of which fund. */
async function payable(event: RequestEvent, token: string) {
  const { proposalId } = event.params
  const shown = await api(getProposal, { params: { proposalId } }, { token })
  if (!shown.ok) return shown
  const { compoundId, actualFen = 0 } = shown.data
  return { ok: true as const, data: { params: { proposalId, compoundId }, amountFen: actualFen } }
}

const toCheck = (amountFen: number, typed: Typed) => ({
  ...{ amountFen, paidOn: dayOf(Date.now()) },
  ...milestoneOf('pay', typed),
})

/** The fund's own route: the money leaves it in the same transaction. */
async function pay(event: RequestEvent, token: string, typed: Typed) {
  const shown = await payable(event, token)
  if (!shown.ok) return shown
  const { params } = shown.data
  const body = {
    amountFen: fenFromText(typed['amount'] ?? '') ?? 0,
    bankReference: (typed['bankReference'] ?? '').trim(),
    paidOn: typed['paidOn'] ?? '',
    ...milestoneOf('pay', typed),
  }
  return api(payProject, { params, body }, { token })
}
