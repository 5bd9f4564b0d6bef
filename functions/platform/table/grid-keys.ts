import type { Key } from './keys.ts'

/**
 * Key of a community's grids in the `market` table, in a file of its own since hardly any function asks.
 *
 * | no. | who asks                               | how                                                              |
 * |-----|----------------------------------------|------------------------------------------------------------------|
 * | P1  | a community's grids and who is posted  | get `PLACE#community#<community>` / `GRIDS` (consistent)         |
 */
export const gridKeys = {
  ofCommunity: (communityId: string): Key => ({ PK: `PLACE#community#${communityId}`, SK: 'GRIDS' }),
} as const
