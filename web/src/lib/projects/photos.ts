import type { ProposalView, WithholdReason } from '#shared/contracts/governance.ts'

type Sent = NonNullable<ProposalView['photosSent']>[number]
/** One that was handed in, with the milestone that it came with, from 1, where there are several. */
export type PhotoSent = Sent & { readonly milestone: number | undefined }

/** Of all its milestones, the first one first. */
export function publicPhotosOf({ paidMilestones, photoIds }: ProposalView): string[] {
  return [...paidMilestones.flatMap((each) => each.photoIds), ...photoIds]
}

export function photosSentOf({ paidMilestones, photosSent = [], costing }: ProposalView): PhotoSent[] {
  const isPlanned = costing?.milestones !== undefined
  const of = (sent: readonly Sent[], milestone: number) =>
    sent.map((each) => ({ ...each, milestone: isPlanned ? milestone : undefined }))
  return [
    ...paidMilestones.flatMap((each, at) => of(each.photosSent ?? [], at + 1)),
    ...of(photosSent, paidMilestones.length + 1),
  ]
}

export const photoHref = (proposalId: string, photoId: string) => `/projects/${proposalId}/photos/${photoId}`

/** Why a photo is taken off the page, the likeliest first. */
export const reasons: readonly WithholdReason[] = ['name', 'number', 'face', 'wrong', 'other']

/** Not looked at yet, or not well enough: how many wait for whoever may show them. */
export function photosWaiting(proposal: ProposalView): number {
  if (!proposal.mayDo.includes('show-photo')) return 0
  return photosSentOf(proposal).filter(({ shownAs, withheld }) => shownAs === undefined && !withheld).length
}
