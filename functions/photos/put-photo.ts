import { putPhoto as route, type PhotoFor } from '#shared/contracts/photos.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, type Instant, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, hasRole, requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import type { PhotoItem } from '#functions/platform/table/items/photos.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { proposalItem } from '#functions/platform/table/items/governance.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { get } from '#functions/platform/table/table.ts'
import { drawAnew } from './draw-anew.ts'
import { getPhotoItem, savePhoto } from './store.ts'

/** What API Gateway lets through to a function. */
const BODY_BYTES_MAX = 6_000_000

export const putPhoto = http(
  route,
  async ({ params: { photoId }, body }, { caller, now }) => {
    const owner = await ownerOf(body.for, caller, now)
    const bodyHash = hashBody([body.for, body.photo])
    const earlier = await getPhotoItem(photoId, now)
    // Opened only when it is new: a photo that was sent twice costs once.
    if (earlier === undefined) {
      const { width, height, webp } = await drawAnew(Buffer.from(body.photo, 'base64'))
      const photo: PhotoItem = {
        ...{ entity: 'photo', v: 1, photoId, personId: caller.personId, bodyHash },
        ...{ width, height, bytes: webp.length, webp: Buffer.from(webp).toString('base64') },
        ...(owner.coopId === undefined ? {} : { coopId: owner.coopId }),
        of: owner.of,
        expiresAtSeconds: secondsOf(plusMs(now, DAY_MS)),
      }
      const saved = await savePhoto(photo, owner.counted, now)
      if (saved === 'too-many') return refused('TOO_MANY_PHOTOS', '照片传得太多了，请明天再试')
      if (saved === 'saved') return answer(photo)
    }
    const first = earlier ?? (await getPhotoItem(photoId, now))
    if (first === undefined) throw new Busy()
    if (!isTheirs(first, owner, caller)) throw new Missing()
    if (first.bodyHash !== bodyHash) return refused('PHOTO_ID_REUSED', '这个照片号已用于另一张照片')
    return answer(first)
  },
  { bodyBytesMax: BODY_BYTES_MAX },
)

/** Whose photo it is; a stranger's order does not exist. */
async function ownerOf(photoFor: PhotoFor, caller: Caller, now: Instant) {
  if (photoFor.kind === 'listing') {
    const { coopId } = photoFor
    requireRole(caller, 'coop', coopId, 'admin')
    return { coopId, of: { kind: 'listing' } as const, counted: `${coopId}#${shanghaiDay(now)}` }
  }
  if (photoFor.kind === 'matter') return ownerOfMatterPhoto(photoFor.compoundId, caller, now)
  if (photoFor.kind === 'project') return ownerOfProjectPhoto(photoFor.proposalId, caller, now)
  const { orderId, saleId } = photoFor
  const found = await loadOrderParts(orderId)
  if (found === undefined || !mayDo(caller, found.order, 'claim')) throw new Missing()
  const share = found.lines.shares.find((each) => each.saleId === saleId)
  if (share === undefined) throw new Missing()
  const { personId, householdId, communityId, placedBy } = found.order
  const buyer = placedBy === undefined ? { personId } : {}
  const of = { kind: 'claim', orderId, saleId, ...buyer, householdId, communityId } as const
  return { coopId: share.coopId, of, counted: orderId }
}

/** Whoever has to do with matters of the compound: who lives there, works for it, or acts for a body. */
async function ownerOfMatterPhoto(compoundId: string, caller: Caller, now: Instant) {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined) throw new Missing()
  const livesHere = caller.memberships.some((held) => held.role === 'resident' && held.compoundId === compoundId)
  const isBody = caller.memberships.some(({ role }) => role === 'body')
  if (!livesHere && !isBody && !hasRole(caller, 'worker', compound.communityId)) throw new Missing()
  return {
    coopId: undefined,
    of: { kind: 'matter', compoundId } as const,
    counted: `MATTER#${caller.personId}#${shanghaiDay(now)}`,
  }
}

/** Whoever may finish a project's work, or look whether its photos may be seen. */
async function ownerOfProjectPhoto(proposalId: string, caller: Caller, now: Instant) {
  const proposal = await get(proposalItem, governanceKeys.proposal(proposalId))
  const roles = ['worker', 'committee', 'supervisor'] as const
  if (proposal === undefined || !roles.some((role) => hasRole(caller, role, proposal.communityId))) throw new Missing()
  return {
    coopId: undefined,
    of: { kind: 'project', proposalId } as const,
    counted: `PROJECT#${caller.personId}#${shanghaiDay(now)}`,
  }
}

/** A photo of goods is its co-op's, whichever member sent it; one of a claim is its sender's. */
function isTheirs(photo: PhotoItem, { of, coopId }: Awaited<ReturnType<typeof ownerOf>>, caller: Caller): boolean {
  if (photo.of.kind === 'listing') return of.kind === 'listing' && photo.coopId === coopId
  return photo.personId === caller.personId
}

function answer({ photoId, width, height, bytes }: PhotoItem) {
  return { photoId, width, height, bytes }
}
