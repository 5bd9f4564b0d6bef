import {
  FIGURE_MONTHS_MAX,
  getMatter as getRoute,
  getMatterFigures as figuresRoute,
  getMatterPhoto as photoRoute,
  listMatters as listRoute,
  listMattersOfBody as inboxRoute,
  listMyMatters as mineRoute,
  listOpenMatters as boardRoute,
} from '#shared/contracts/matters.ts'
import { photosOf } from '#shared/domain/matters/decide-act.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { Reply } from '#functions/platform/reply.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { photoItem } from '#functions/platform/table/items/photos.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { matterPersonOf, overseesMatters } from './matter-person.ts'
import {
  loadMatter,
  pageOf,
  pageOfBody,
  pageOfOpen,
  pageOfOpenIn,
  pageOfProposal,
  pageOfPublic,
  type LoadedMatter,
} from './matter-store.ts'
import { matterSummary, matterView, sightOf, type Sight } from './matter-view.ts'
import { loadMonths } from './sums.ts'
import { pageOfFollowed } from './voices-store.ts'

const PAGE = 20

export const getMatter = openHttp(getRoute, async ({ params: { matterId } }, { caller, now }) => {
  const { loaded, person, oversees } = await seen(matterId, caller)
  return matterView(loaded, person, oversees, now)
})

async function seen(matterId: string, caller: Caller | undefined) {
  const loaded = await loadMatter(matterId)
  if (loaded === undefined) throw new Missing()
  const person = caller && matterPersonOf(caller, loaded.item)
  const oversees = caller !== undefined && overseesMatters(caller, loaded.item.communityId)
  const sight = sightOf(loaded.matter, person, oversees)
  if (sight === 'nothing') throw new Missing()
  return { loaded, person, oversees, sight }
}

export const getMatterPhoto = openHttp(photoRoute, async ({ params }, { caller, now }) => {
  const { loaded, sight } = await seen(params.matterId, caller)
  if (!isShown(loaded, sight, params.photoId)) throw new Missing()
  const photo = await get(photoItem, photoKeys.photo(params.photoId), { table: 'PHOTOS_TABLE' })
  const isGone = photo?.expiresAtSeconds !== undefined && photo.expiresAtSeconds <= secondsOf(now)
  if (photo === undefined || isGone) throw new Missing()
  // It may be taken off the page: nobody keeps it on the way.
  return new Reply({ photo: photo.webp }, { 'cache-control': 'no-store' })
})

function isShown({ matter }: LoadedMatter, sight: Sight, photoId: string): boolean {
  return (sight === 'original' ? photosOf(matter) : (matter.published?.photoIds ?? [])).includes(photoId)
}

export const listMatters = openHttp(listRoute, async ({ query: { compoundId, proposalId, limit, cursor } }) => {
  if (compoundId !== undefined) await mustExist(compoundId)
  const page =
    proposalId === undefined
      ? await pageOfPublic(compoundId ?? '', limit ?? PAGE, cursor)
      : await pageOfProposal(proposalId, limit ?? PAGE, cursor)
  return { ...page, items: page.items.filter(({ item }) => item.isPublic).map(matterSummary) }
})

export const getMatterFigures = openHttp(figuresRoute, async ({ query: { compoundId } }) => {
  await mustExist(compoundId)
  return { items: await loadMonths(compoundId, FIGURE_MONTHS_MAX) }
})

async function mustExist(compoundId: string): Promise<void> {
  if ((await get(compoundItem, keys.place('compound', compoundId))) === undefined) throw new Missing()
}

/** Their own, and what a worker filed for the household where they live, verified. */
export const listMyMatters = http(mineRoute, async ({ query: { which, limit, cursor } }, { caller }) => {
  const page =
    which === 'followed'
      ? await publicOnly(pageOfFollowed(caller.personId, limit ?? PAGE, cursor))
      : await pageOf(caller.personId, limit ?? PAGE, cursor)
  const home = caller.memberships.find(({ role, state }) => role === 'resident' && state === 'verified')
  const filed =
    which === 'raised' && cursor === undefined && home !== undefined
      ? (await pageOf(home.scopeId, PAGE, undefined)).items.filter(
          // What was filed for the household before somebody belonged to it was filed for others.
          ({ item }) => home.claimedAt === undefined || home.claimedAt <= item.raisedAt,
        )
      : []
  const items = [...filed, ...page.items].sort((left, right) => (left.item.raisedAt > right.item.raisedAt ? -1 : 1))
  return { ...page, items: items.map(matterSummary) }
})

/** What was public when somebody followed it may be so no more. */
async function publicOnly(wanted: ReturnType<typeof pageOfFollowed>) {
  const page = await wanted
  return { ...page, items: page.items.filter(({ item }) => item.isPublic) }
}

export const listMattersOfBody = http(inboxRoute, async ({ query: { bodyId, limit, cursor } }, { caller }) => {
  if (!hasRole(caller, 'body', bodyId)) throw new Forbidden()
  const page = await pageOfBody(bodyId, limit ?? PAGE, cursor)
  return { ...page, items: page.items.map(matterSummary) }
})

export const listOpenMatters = http(boardRoute, async ({ query }, { caller }) => {
  const { communityId, compoundIds, limit, cursor } = query
  if (!overseesMatters(caller, communityId)) throw new Forbidden()
  const page =
    compoundIds === undefined
      ? await pageOfOpen(communityId, limit ?? PAGE, cursor)
      : await pageOfOpenIn(communityId, new Set(compoundIds.split(',')), limit ?? PAGE, cursor)
  return { ...page, items: page.items.map(matterSummary) }
})
