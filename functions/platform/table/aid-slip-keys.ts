import type { Key } from './keys.ts'

/**
 * Keys of slips in the `market` table: the one thing of a case that everybody may read, and a project may name.
 *
 * | no. | who asks                          | how                                                   |
 * |-----|-----------------------------------|-------------------------------------------------------|
 * | AS1 | slips of a compound; one of them  | query `AIDSLIP#<compound>`, SK day#slip (consistent)  |
 */
export const aidSlipKeys = {
  slip: (compoundId: string, approvedOn: string, slipId: string): Key => ({
    PK: `AIDSLIP#${compoundId}`,
    SK: `${approvedOn}#${slipId}`,
  }),
} as const
