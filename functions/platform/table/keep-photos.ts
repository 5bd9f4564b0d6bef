import { plusMs, DAY_MS, type Instant } from '#shared/kernel/time.ts'
import { secondsOf } from './expiry.ts'
import { photoKeys } from './photo-keys.ts'
import type { Write } from './table.ts'

/** Photos of a claim are kept so long after it: the time in which a refund may still be asked about. */
export const CLAIM_PHOTO_DAYS = 90

/** A photo that came in for this share, sent by this person, now belongs to the claim; it shows in no other. */
export function keepForClaim(
  photoId: string,
  claim: { claimId: string; orderId: string; saleId: string; personId: string; filedAt: Instant },
): Write {
  return {
    update: photoKeys.photo(photoId),
    set: 'SET #claimId = :claimId, #expires = :until',
    condition:
      '#of.#orderId = :orderId AND #of.#saleId = :saleId AND #personId = :personId AND attribute_not_exists(#claimId) AND #expires > :now',
    expression: {
      names: {
        ...{ '#claimId': 'claimId', '#expires': 'expiresAtSeconds', '#of': 'of', '#orderId': 'orderId' },
        ...{ '#saleId': 'saleId', '#personId': 'personId' },
      },
      values: {
        ...{ ':claimId': claim.claimId, ':orderId': claim.orderId, ':saleId': claim.saleId },
        ':personId': claim.personId,
        ':until': secondsOf(plusMs(claim.filedAt, CLAIM_PHOTO_DAYS * DAY_MS)),
        ':now': secondsOf(claim.filedAt),
      },
    },
    at: { table: 'PHOTOS_TABLE' },
  }
}

/** A photo of this co-op's goods stays: group buys that were opened with it go on showing it. */
export function keepForListing(photoId: string, coopId: string): Write {
  return {
    update: photoKeys.photo(photoId),
    set: 'REMOVE #expires',
    condition: '#of.#kind = :listing AND #coopId = :coopId',
    expression: {
      names: { '#expires': 'expiresAtSeconds', '#of': 'of', '#kind': 'kind', '#coopId': 'coopId' },
      values: { ':listing': 'listing', ':coopId': coopId },
    },
    at: { table: 'PHOTOS_TABLE' },
  }
}
