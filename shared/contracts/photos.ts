import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { route } from './route.ts'

/** What one photo may have when it is sent: a function takes 6 MB, and base64 makes three bytes into four characters. */
export const PHOTO_BYTES_MAX = 4_000_000
const PHOTO_TEXT_MAX = Math.ceil(PHOTO_BYTES_MAX / 3) * 4
/** A photo that says it is larger is not opened: its pixels would take the memory of the function. */
export const PHOTO_PIXELS_MAX = 25_000_000
/** Pixels of the longer side of what is kept. */
export const PHOTO_SIDE_MAX = 1280

const photoFor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('listing'), coopId: idSchema }),
  z.strictObject({ kind: z.literal('claim'), orderId: clientIdSchema, saleId: z.string().max(80) }),
  z.strictObject({ kind: z.literal('matter'), compoundId: idSchema }),
  z.strictObject({ kind: z.literal('project'), proposalId: clientIdSchema }),
])
export type PhotoFor = z.infer<typeof photoFor>

export const putPhoto = route({
  name: 'putPhoto',
  summary:
    'Takes in a photo (JPEG, PNG or WebP, base64), of a listing by its co-op, of goods by the household that bought them, of a matter by who has to do with it or of a project by who works on it. What is kept is drawn anew as a small WebP: where and with what it was taken is gone. The client makes the id: sending it again returns the first result.',
  method: 'PUT',
  path: '/api/photos/{photoId}',
  access: 'signed-in',
  params: z.strictObject({ photoId: clientIdSchema }),
  body: z.strictObject({
    for: photoFor,
    photo: z
      .string()
      .min(1, '请选一张照片')
      .max(PHOTO_TEXT_MAX, '照片太大，最多 4 MB')
      .regex(/^[A-Za-z0-9+/]+={0,2}$/, '照片没有传完整，请再试一次'),
  }),
  output: z.strictObject({ photoId: clientIdSchema, width: z.int(), height: z.int(), bytes: z.int() }),
  refusals: { PHOTO_ID_REUSED: 409, TOO_MANY_PHOTOS: 409 },
})

const photoSchema = z.strictObject({ photo: z.string() })

export const getPhoto = route({
  name: 'getPhoto',
  summary: 'A photo of a listing as WebP, base64. It never changes.',
  method: 'GET',
  path: '/api/photos/{photoId}',
  access: 'public',
  params: z.strictObject({ photoId: clientIdSchema }),
  output: photoSchema,
})

export const getClaimPhoto = route({
  name: 'getClaimPhoto',
  summary:
    'A photo of a claim as WebP, base64, for the household that bought the goods, the workers of its community and the co-op that sold them; gone 90 days after the claim.',
  method: 'GET',
  path: '/api/photos/{photoId}/of-claim',
  access: 'signed-in',
  params: z.strictObject({ photoId: clientIdSchema }),
  output: photoSchema,
})

export const photosRoutes = [putPhoto, getPhoto, getClaimPhoto] as const
