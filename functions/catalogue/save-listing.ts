import { saveListing as route } from '#shared/contracts/catalogue.ts'
import { decideSaveListing } from '#shared/domain/catalogue/save-listing.ts'
import { Busy } from '../platform/busy.ts'
import { requireRole } from '../platform/caller.ts'
import { http } from '../platform/http.ts'
import { Missing } from '../platform/missing.ts'
import { coopItem } from '../platform/table/items/places.ts'
import { keys } from '../platform/table/keys.ts'
import { get } from '../platform/table/table.ts'
import { countListings, getListing, saveListing as save } from './store.ts'

const ATTEMPTS_MAX = 3

/** An editor who lost the race is told so by the second look: by then the other's version is there. */
export const saveListing = http(route, async ({ params, body: { version, ...body } }, { caller }) => {
  requireRole(caller, 'coop', params.coopId, 'admin')
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const existing = await getListing(params.coopId, params.listingId)
    const isNew = existing === undefined && version === 0
    if (isNew && (await get(coopItem, keys.place('coop', params.coopId))) === undefined) throw new Missing()
    const listingCount = isNew ? await countListings(params.coopId) : 0
    const decision = decideSaveListing({ ...params, version, body, existing, listingCount })
    if (decision.kind === 'refused') return decision
    if (decision.kind === 'unchanged' || (await save(decision.listing)).kind === 'done') return decision.listing
  }
  throw new Busy()
})
