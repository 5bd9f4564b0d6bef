import { DAY_MS, plusMs, type Instant } from '#shared/kernel/time.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import type { Write } from '#functions/platform/table/table.ts'

/** Photos of a matter are kept so long after they were sent for it: longer than anything about it can be asked. */
export const MATTER_PHOTO_DAYS = 730

/** Photos that came in for this compound, sent by this person, now belong to the matter; they show in no other. */
export function keepForMatter(
  photoIds: readonly string[],
  of: { readonly matterId: string; readonly compoundId: string; readonly personId: string; readonly at: Instant },
): Write[] {
  return photoIds.map((photoId) => ({
    update: photoKeys.photo(photoId),
    set: 'SET #matterId = :matterId, #expires = :until',
    condition:
      '#of.#kind = :matter AND #of.#compoundId = :compoundId AND #personId = :personId AND (attribute_not_exists(#matterId) OR #matterId = :matterId) AND #expires > :now',
    expression: {
      names: {
        ...{ '#matterId': 'matterId', '#expires': 'expiresAtSeconds', '#of': 'of', '#kind': 'kind' },
        ...{ '#compoundId': 'compoundId', '#personId': 'personId' },
      },
      values: {
        ...{ ':matterId': of.matterId, ':matter': 'matter', ':compoundId': of.compoundId, ':personId': of.personId },
        ':until': secondsOf(plusMs(of.at, MATTER_PHOTO_DAYS * DAY_MS)),
        ':now': secondsOf(of.at),
      },
    },
    at: { table: 'PHOTOS_TABLE' },
  }))
}
