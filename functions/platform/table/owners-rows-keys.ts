import type { Key } from './keys.ts'

/**
 * Key of the rows of an owners' vote while two persons enter them. They lie in the `photos` table because it is on no stream
 * and in no backup, and drops what has run out: what is deleted there is nowhere.
 *
 * | no. | who asks                                    | how                                    |
 * |-----|---------------------------------------------|----------------------------------------|
 * | OR1 | the first list of a proposal's owners' vote | get `OWNERSROWS#<proposal>` / `ROWS`   |
 */
export const ownersRowsKeys = {
  rows: (proposalId: string): Key => ({ PK: `OWNERSROWS#${proposalId}`, SK: 'ROWS' }),
} as const
