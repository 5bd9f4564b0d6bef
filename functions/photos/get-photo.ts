import { getPhoto as route } from '#shared/contracts/photos.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { Reply } from '#functions/platform/reply.ts'
import { getPhotoItem } from './store.ts'

export const getPhoto = openHttp(route, async ({ params: { photoId } }, { now }) => {
  const photo = await getPhotoItem(photoId, now)
  if (photo?.of.kind !== 'listing') throw new Missing()
  return new Reply({ photo: photo.webp }, { 'cache-control': 'public, max-age=31536000, immutable' })
})
