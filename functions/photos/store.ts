import { type Instant, plusMs, DAY_MS } from '#shared/kernel/time.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { photoItem, type PhotoItem } from '#functions/platform/table/items/photos.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { get, NOT_EXISTS, transact } from '#functions/platform/table/table.ts'

const at = { table: 'PHOTOS_TABLE' } as const

/** What one order, or one co-op in one day, may send: enough for every honest use. */
export const PHOTOS_COUNTED_MAX = 100

export async function getPhotoItem(photoId: string, now: Instant): Promise<PhotoItem | undefined> {
  const photo = await get(photoItem, photoKeys.photo(photoId), at)
  // The table drops what has run out within days; for everybody it is gone on time.
  const isGone = photo?.expiresAtSeconds !== undefined && photo.expiresAtSeconds <= secondsOf(now)
  return isGone ? undefined : photo
}

/** The photo and its place in the count, together. */
export async function savePhoto(
  photo: PhotoItem,
  counted: string,
  now: Instant,
): Promise<'saved' | 'there' | 'too-many'> {
  const saved = await transact([
    { put: { ...photoKeys.photo(photo.photoId), ...photo }, condition: NOT_EXISTS, at },
    {
      update: photoKeys.count(counted),
      set: 'SET #entity = :entity, #v = :one, #count = if_not_exists(#count, :zero) + :one, #expires = :until',
      condition: 'attribute_not_exists(PK) OR #count < :max',
      expression: {
        names: { '#entity': 'entity', '#v': 'v', '#count': 'count', '#expires': 'expiresAtSeconds' },
        values: {
          ...{ ':entity': 'photoCount', ':zero': 0, ':one': 1, ':max': PHOTOS_COUNTED_MAX },
          ':until': secondsOf(plusMs(now, 100 * DAY_MS)),
        },
      },
      at,
    },
  ])
  if (saved.kind === 'done') return 'saved'
  return saved.failed.some(({ position }) => position === 0) ? 'there' : 'too-many'
}
