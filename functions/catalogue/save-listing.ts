import { saveListing as route } from '#shared/contracts/catalogue.ts'
import { decideSaveListing } from '#shared/domain/catalogue/save-listing.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { coopItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { getListing, listingsOfCoop, saveListing as save } from './store.ts'

const ATTEMPTS_MAX = 3

/** An editor who lost the race is told so by the second look: by then the other's version is there. */
export const saveListing = http(route, async ({ params, body: { version, ...body } }, { caller }) => {
  requireRole(caller, 'coop', params.coopId, 'admin')
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { existing, listingCount } = await load(params, version)
    const decision = decideSaveListing({ ...params, version, body, existing, listingCount })
    if (decision.kind === 'refused') return decision
    if (decision.kind === 'unchanged') return decision.listing
    const { photoId } = decision.listing
    const saved = await save(decision.listing, photoId === existing?.photoId ? undefined : photoId)
    if (saved.kind === 'done') return decision.listing
    // The listing was as it had been read; it is the photo that is not there, or is not this co-op's.
    if (saved.failed.every(({ position }) => position > 0)) {
      return refused('UNKNOWN_PHOTO', '照片没有传好，请重新选', { photo: '请重新选照片' })
    }
  }
  throw new Busy()
})

type Named = { readonly coopId: string; readonly listingId: string }

/** A new listing needs to know how many there are; a changed one only itself. */
async function load({ coopId, listingId }: Named, version: number) {
  if (version > 0) return { existing: await getListing(coopId, listingId), listingCount: 0 }
  const listings = await listingsOfCoop(coopId)
  // A co-op with listings exists; of an empty one we have to ask.
  if (listings.length === 0 && (await get(coopItem, keys.place('coop', coopId))) === undefined) throw new Missing()
  return { existing: listings.find((listing) => listing.listingId === listingId), listingCount: listings.length }
}
