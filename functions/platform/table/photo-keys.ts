import type { Key } from './keys.ts'

/**
 * Keys of the `photos` table (`owners-rows-keys.ts` has another one), and its numbered access patterns. The bytes of photos have a table of their own: they do
 * not belong on the stream of `market`, are no part of what is restored after an accident, and only those functions that
 * take in, show or keep a photo are granted anything of it.
 *
 * | no. | who asks                                      | how                                   |
 * |-----|-----------------------------------------------|---------------------------------------|
 * | P1  | one photo by its id                           | get `PHOTO#<photo>` / `PHOTO`         |
 * | P2  | how many an order, or a co-op in a day, sent  | get `PHOTO#OF#<owner>` / `COUNT`      |
 */
export const photoKeys = {
  photo: (photoId: string): Key => ({ PK: `PHOTO#${photoId}`, SK: 'PHOTO' }),
  count: (owner: string): Key => ({ PK: `PHOTO#OF#${owner}`, SK: 'COUNT' }),
} as const
