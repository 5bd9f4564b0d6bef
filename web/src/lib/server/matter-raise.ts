import { randomUUID } from 'node:crypto'
import { redirect, type RequestEvent } from '@sveltejs/kit'
import {
  categories,
  channels,
  listMatters,
  MATTER_PHOTOS_MAX,
  MATTER_TEXT_MAX,
  raiseMatter,
  type Category,
  type Channel,
} from '#shared/contracts/matters.ts'
import { findHousehold } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { PAGE_MAX, type Problem } from '#shared/contracts/route.ts'
import { isEnded } from '../matters/stages.ts'
import { say } from '../text/lang.ts'
import { matterActWords } from '../text/matter-acts.ts'
import { raiseWords } from '../text/matter-raise.ts'
import { api } from './api.ts'
import { compoundCookie } from './cookies.ts'
import { takePhotos, typedOf, withoutPhotos } from './form-photos.ts'
import { dataOrError, failed, failedHere, neededToken } from './problems.ts'
import { publicRead } from './public-reads.ts'

type Typed = Readonly<Record<string, string>>
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const SIMILAR_MAX = 3

const categoryOf = (text: string | null | undefined): Category | undefined => categories.find((each) => each === text)

/** What the caller may do in the compound: say something of their own, or file what somebody told them. */
async function partsIn(event: RequestEvent, compoundId: string, communityId: string) {
  const memberships = (await event.locals.visitor.me())?.memberships ?? []
  const home = memberships.find(({ role }) => role === 'resident')
  return {
    livesHere: home?.compoundId === compoundId,
    home: home?.compoundId === undefined ? undefined : { compoundId: home.compoundId, name: home.compoundName ?? '' },
    files: memberships.some(({ role, scopeId }) => role === 'worker' && scopeId === communityId),
  }
}

/** The page of raising: first what it is about, then the rest, with what others have raised already. */
export async function raisePage(event: RequestEvent) {
  await neededToken(event)
  const compoundId = event.url.searchParams.get('compound') ?? compoundCookie.read(event)
  if (compoundId === undefined || compoundId === '') redirect(303, '/matters')
  const found = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  const { name, buildings, communityId } = found
  const category = categoryOf(event.url.searchParams.get('category'))
  const parts = await partsIn(event, compoundId, communityId)
  return {
    compound: { compoundId, name },
    buildings: buildings.map(({ label }) => ({ label })),
    category,
    ...{ categories, channels: parts.livesHere ? channels : channels.filter((each) => each !== 'app') },
    ...parts,
    similar: category === undefined ? [] : await similarTo(category, compoundId),
    ...{ textMax: MATTER_TEXT_MAX, photosMax: MATTER_PHOTOS_MAX },
    // Part of the form: sent twice it is one matter.
    matterId: randomUUID(),
    now: Date.now(),
  }
}

/** Open public ones of the same kind: who has the same trouble follows one of them. */
async function similarTo(category: Category, compoundId: string) {
  const listed = await publicRead(listMatters, { query: { compoundId, limit: PAGE_MAX } })
  if (!listed.ok) return []
  return listed.data.items
    .filter((each) => each.category === category && !isEnded(each.state) && each.state !== 'verified')
    .slice(0, SIMILAR_MAX)
}

export async function raiseMatterOfForm(event: RequestEvent) {
  const token = await neededToken(event)
  const { lang } = event.locals
  const form = await event.request.formData()
  const first = typedOf(form)
  const { compoundId = '' } = first
  const matterId = uuidPattern.test(first['matterId'] ?? '') ? (first['matterId'] ?? '') : randomUUID()
  const taken = await takePhotos(
    form,
    { ...first, matterId },
    {
      photoFor: { kind: 'matter', compoundId },
      max: MATTER_PHOTOS_MAX,
      ...{ formId: matterId, token, lang },
    },
  )
  const { typed, photoIds } = taken
  const refuse = (problem: Problem, kept: Typed = typed) => failed(problem, lang, { typed: kept })
  if (taken.problem !== undefined) return refuse(taken.problem)
  const category = categoryOf(typed['category'])
  if (category === undefined)
    return failedHere({ fields: { category: say(matterActWords, lang).mustChoose } }, lang, { typed })
  const household = await householdOf(typed, compoundId, token)
  if (household.problem === 'partly')
    return failedHere({ fields: { room: say(raiseWords, lang).forRoomMissing } }, lang, { typed })
  if (household.problem !== undefined) return refuse(household.problem)
  const body = {
    ...{ compoundId, category, channel: channelOf(typed), photoIds },
    ...{ where: typed['where'] ?? '', text: typed['text'] ?? '', sharesAddress: 'sharesAddress' in typed },
    ...(household.householdId === undefined ? {} : { householdId: household.householdId }),
  }
  const answer = await api(raiseMatter, { params: { matterId }, body }, { token })
  if (!answer.ok) {
    // The photos are chosen anew, for what was sent of them is not there.
    return refuse(answer.problem, answer.problem.code === 'UNKNOWN_PHOTO' ? withoutPhotos(typed) : typed)
  }
  redirect(303, `/matters/${matterId}?raised=1`)
}

function channelOf(typed: Typed): Channel {
  return channels.find((each) => each === typed['channel']) ?? 'app'
}

type Household = { readonly householdId?: string; readonly problem?: Problem | 'partly' }

/** The household whose matter a worker files, where it was told. */
async function householdOf(typed: Typed, compoundId: string, token: string): Promise<Household> {
  const { building = '', unit = '', room = '' } = typed
  const parts = [building, unit, room]
  if (channelOf(typed) === 'app' || parts.every((part) => part === '')) return {}
  if (parts.some((part) => part === '')) return { problem: 'partly' }
  const found = await api(findHousehold, { params: { compoundId }, query: { building, unit, room } }, { token })
  return found.ok ? { householdId: found.data.householdId } : { problem: found.problem }
}
