import { type Act, getProjectPhoto as route } from '#shared/contracts/governance.ts'
import { everyPhoto, photosUntil, publicPhotos } from '#shared/domain/governance/photos.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isAdmin } from '#functions/platform/caller.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { isStaff, personOf } from '#functions/platform/proposal-person.ts'
import { Reply } from '#functions/platform/reply.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { photoItem, type PhotoItem } from '#functions/platform/table/items/photos.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { get, type Write } from '#functions/platform/table/table.ts'
import { getProposalRecord } from './proposal-store.ts'
import { maySee } from './proposal-view.ts'

const at = { table: 'PHOTOS_TABLE' } as const

/** Photos that an act brings along. */
export function photosOfAct(act: Act): readonly string[] {
  if (act.act === 'finish') return act.photoIds ?? []
  return act.act === 'show-photo' && act.coveredId !== undefined ? [act.coveredId] : []
}

/** Where an act names them. */
export const photoFieldOf = (act: Act) => (act.act === 'finish' ? 'photoIds' : 'coveredId')

/** Photos that came in for this project, sent by this person, are kept with it. Those of others are nobody's to hand in. */
export function keepForProject(
  photoIds: readonly string[],
  of: { readonly proposalId: string; readonly personId: string; readonly at: Instant },
): Write[] {
  return photoIds.map((photoId) => ({
    update: photoKeys.photo(photoId),
    set: 'SET #expires = :until',
    condition: '#of.#kind = :project AND #of.#proposalId = :proposalId AND #personId = :personId AND #expires > :now',
    expression: {
      names: {
        ...{ '#of': 'of', '#kind': 'kind', '#proposalId': 'proposalId', '#personId': 'personId' },
        '#expires': 'expiresAtSeconds',
      },
      values: {
        ...{ ':project': 'project', ':proposalId': of.proposalId, ':personId': of.personId },
        ':until': secondsOf(photosUntil(of.at)),
        ':now': secondsOf(of.at),
      },
    },
    at,
  }))
}

/** Whether it was one of these that kept a transaction from holding. */
export async function areAllTheirs(
  photoIds: readonly string[],
  of: { readonly proposalId: string; readonly personId: string; readonly at: Instant },
): Promise<boolean> {
  const found = await Promise.all(photoIds.map((photoId) => keptPhoto(photoId, of.at)))
  return found.every(
    (photo) => photo?.of.kind === 'project' && photo.of.proposalId === of.proposalId && photo.personId === of.personId,
  )
}

async function keptPhoto(photoId: string, now: Instant): Promise<PhotoItem | undefined> {
  const photo = await get(photoItem, photoKeys.photo(photoId), at)
  const isGone = photo?.expiresAtSeconds !== undefined && photo.expiresAtSeconds <= secondsOf(now)
  return isGone ? undefined : photo
}

export const getProjectPhoto = openHttp(route, async ({ params: { proposalId, photoId } }, { caller, now }) => {
  const record = await getProposalRecord(proposalId)
  if (record === undefined) throw new Missing()
  const person = caller && personOf(caller, record.item)
  const oversees = caller !== undefined && ((person !== undefined && isStaff(person)) || isAdmin(caller))
  if (!oversees && !maySee(record.item, person)) throw new Missing()
  const isShown = oversees ? everyPhoto(record.proposal).has(photoId) : isPublic(record.proposal, photoId)
  const photo = isShown ? await keptPhoto(photoId, now) : undefined
  if (photo === undefined) throw new Missing()
  // It may be taken off the page: nobody keeps it on the way.
  return new Reply({ photo: photo.webp }, { 'cache-control': 'no-store' })
})

function isPublic(proposal: Proposal, photoId: string): boolean {
  const works = [...proposal.paidMilestones.map(({ work }) => work), proposal.work]
  return works.some((work) => publicPhotos(proposal, work).includes(photoId))
}
