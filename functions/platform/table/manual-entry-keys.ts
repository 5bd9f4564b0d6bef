import type { IndexKey, Key } from './keys.ts'

/** Keys of what is posted by hand (patterns 110–113 of `keys.ts`): in a file of their own, since every function carries that one. */
export const manualEntryKeys = {
  manualEntry: (fundId: string, manualEntryId: string): Key => ({
    PK: `FUND#MANUAL#${fundId}`,
    SK: `ENTRY#${manualEntryId}`,
  }),
  manualSeq: (fundId: string, seq: number): Key => ({ PK: `FUND#MANUAL#${fundId}`, SK: `SEQ#${seq}` }),
  manualVoucher: (fundId: string, voucherNumber: string): Key => ({
    PK: `FUND#MANUAL#${fundId}`,
    SK: `VOUCHER#${voucherNumber}`,
  }),
  openManualEntry: (fundId: string, manualEntryId: string): Key => ({
    PK: 'FUND#MANUAL-OPEN',
    SK: `${fundId}#${manualEntryId}`,
  }),
} as const

export const manualEntryIndex = {
  manualEntries: (fundId: string, proposedAt: string, manualEntryId: string): IndexKey => ({
    GSI1PK: `FUND#MANUAL#${fundId}`,
    GSI1SK: `${proposedAt}#${manualEntryId}`,
  }),
} as const
