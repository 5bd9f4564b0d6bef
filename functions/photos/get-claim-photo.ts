import { getClaimPhoto as route } from '#shared/contracts/photos.ts'
import { actsFor, type Caller, worksFor } from '#functions/platform/caller.ts'
import { verifiedIn } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PhotoItem } from '#functions/platform/table/items/photos.ts'
import { getPhotoItem } from './store.ts'

/** Never to be kept by anything on the way: `no-store` is what every answer says that says nothing else. */
export const getClaimPhoto = http(route, async ({ params: { photoId } }, { caller, now }) => {
  const photo = await getPhotoItem(photoId, now)
  if (photo === undefined || !maySee(caller, photo)) throw new Missing()
  return { photo: photo.webp }
})

function maySee(caller: Caller, { of, personId, coopId, claimId }: PhotoItem): boolean {
  if (of.kind !== 'claim') return false
  if (caller.personId === personId) return true
  // Until a claim shows it, it is its sender's alone.
  if (claimId === undefined) return false
  return (
    of.personId === caller.personId ||
    verifiedIn(caller).includes(of.householdId) ||
    worksFor(caller, of.communityId) ||
    (coopId !== undefined && actsFor(caller, coopId))
  )
}
