import type { Act, actRefusals } from '#shared/contracts/governance.ts'
import type { Purpose } from '#shared/contracts/fund.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, plusMs, type Instant } from '#shared/kernel/time.ts'
import type { PaidMilestone } from './milestones.ts'
import type { Facts, Step } from './steps.ts'

type FactsOf<Name extends Facts['act']> = Extract<Facts, { readonly act: Name }>
type Work = FactsOf<'finish'>

/**
 * Which photos of a project everybody sees. None is public by itself (Personal Information Protection Law art. 25:
 * nobody's information is made public without that person's own consent); who had no part in the work has looked at each.
 */
export type ProjectPhotos = {
  /** By the photo that was handed in: the file that everybody sees of it, itself or its covered copy. */
  readonly shown: ReadonlyMap<string, string>
  /** Files that were public and are no more. None of them comes back, whatever late press is repeated. */
  readonly gone: ReadonlySet<string>
}

export const NO_PHOTOS: ProjectPhotos = { shown: new Map(), gone: new Set() }

/**
 * Photos are kept ten years after the act that brought them, the shortest that accounting records are (会计档案管理办法, 2015,
 * art. 14): so long somebody may ask what a gift was spent on. They are copies; the vouchers lie with the charity, for thirty.
 */
const PROJECT_PHOTO_DAYS = 3_653

export const photosUntil = (at: Instant): Instant => plusMs(at, PROJECT_PHOTO_DAYS * DAY_MS)

type Photographed = {
  readonly photos: ProjectPhotos
  readonly content: { readonly purpose: Purpose }
  readonly steps: readonly Step[]
  readonly paidMilestones: readonly PaidMilestone[]
  readonly work?: Work
}

/** Those of the work as it stands: of milestones that are paid, and of the one that is done. */
export function photosHandedIn({ paidMilestones, work }: Photographed): string[] {
  return [...paidMilestones.map((each) => each.work), ...(work === undefined ? [] : [work])].flatMap(photosOfWork)
}

const photosOfWork = ({ photoIds }: Work): readonly string[] => photoIds ?? []

/** Files of one work that everybody sees, in the order in which it was handed in. */
export function publicPhotos({ photos }: Pick<Photographed, 'photos'>, work: Work | undefined): string[] {
  return (work === undefined ? [] : photosOfWork(work)).flatMap((photoId) => photos.shown.get(photoId) ?? [])
}

/** Photos of this work are still there. */
export function keepsPhotos({ steps }: Pick<Photographed, 'steps'>, work: Work, now: Instant): boolean {
  const handedIn = steps.findLast(({ facts }) => facts === work)
  return handedIn !== undefined && now < photosUntil(handedIn.at)
}

/** Every file of a project, of work that was given back too, and every copy: for who oversees it. */
export function everyPhoto({ steps }: Photographed): Set<string> {
  return new Set(
    steps.flatMap(({ facts }) => {
      if (facts.act === 'finish') return photosOfWork(facts)
      return facts.act === 'show-photo' ? [facts.coveredId ?? facts.photoId] : []
    }),
  )
}

/** By the photo that was handed in: something that was seen of it was taken off the page. */
export function withheldPhotos({ steps, photos }: Photographed): Set<string> {
  return new Set(
    steps.flatMap(({ facts }) =>
      facts.act === 'show-photo' && photos.gone.has(facts.coveredId ?? facts.photoId) ? [facts.photoId] : [],
    ),
  )
}

/** Of aid to a household nothing is ever shown: whoever lives there would be known by it. */
export function mayBePublic({ content }: Pick<Photographed, 'content'>): boolean {
  return content.purpose !== 'hardship'
}

// ── After a step ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What was seen of it before is gone: a covered copy takes the place of what is not to be seen. */
export function shownAfter(photos: ProjectPhotos, { photoId, coveredId }: FactsOf<'show-photo'>): ProjectPhotos {
  const before = photos.shown.get(photoId)
  return {
    shown: new Map([...photos.shown, [photoId, coveredId ?? photoId]]),
    gone: before === undefined ? photos.gone : new Set([...photos.gone, before]),
  }
}

export function withheldAfter(photos: ProjectPhotos, file: string): ProjectPhotos {
  return {
    shown: new Map([...photos.shown].filter(([, shown]) => shown !== file)),
    gone: new Set([...photos.gone, file]),
  }
}

/** Work that was given back takes its photos with it; what is handed in anew is chosen anew. */
export function givenBackAfter(photos: ProjectPhotos, work: Work | undefined): ProjectPhotos {
  return publicPhotos({ photos }, work).reduce(withheldAfter, photos)
}

// ── What stands against an act ──────────────────────────────────────────────────────────────────────────────────────

type PhotoFault = Refused<Extract<keyof typeof actRefusals, `${string}PHOTO${string}`>> | { readonly kind: 'same' }

/** None is of two milestones, as no receipt is. */
export function faultOfHandingIn(
  { paidMilestones }: Photographed,
  photoIds: readonly string[] = [],
): PhotoFault | undefined {
  const before = new Set(paidMilestones.flatMap(({ work }) => photosOfWork(work)))
  return photoIds.some((photoId) => before.has(photoId))
    ? refused('UNKNOWN_PHOTO', undefined, { photoIds: '有一张照片在前面一期用过' })
    : undefined
}

export function faultOfShowing(
  proposal: Photographed,
  { photoId, coveredId }: Extract<Act, { act: 'show-photo' }>,
): PhotoFault | undefined {
  const { photos } = proposal
  if (!mayBePublic(proposal)) return refused('PHOTO_NEVER_PUBLIC', '困难帮扶的照片一律不公开')
  if (!photosHandedIn(proposal).includes(photoId))
    return refused('UNKNOWN_PHOTO', undefined, { photoId: '这次完工没有交这张照片' })
  const file = coveredId ?? photoId
  if (photos.shown.get(photoId) === file) return { kind: 'same' }
  if (photos.gone.has(file)) return refused('PHOTO_WITHHELD', '这张撤下过，不能原样再公开；请把该盖的盖住，换一张上传')
  const isTaken = coveredId !== undefined && everyPhoto(proposal).has(coveredId)
  return isTaken ? refused('UNKNOWN_PHOTO', undefined, { coveredId: '请上传盖住以后的照片' }) : undefined
}

export function faultOfWithholding(
  { photos }: Photographed,
  { photoId: file }: Extract<Act, { act: 'withhold-photo' }>,
): PhotoFault | undefined {
  if (photos.gone.has(file)) return { kind: 'same' }
  return [...photos.shown.values()].includes(file)
    ? undefined
    : refused('UNKNOWN_PHOTO', undefined, { photoId: '这张照片没有公开' })
}
