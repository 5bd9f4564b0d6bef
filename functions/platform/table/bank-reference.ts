import { bankReferenceItem } from './items/settlement.ts'
import { keys } from './keys.ts'
import { NOT_EXISTS, type Write } from './table.ts'

/** A slip's number is used once, for payouts and banked cash alike. */
export function bankReferenceWrite(reference: string, usedBy: string): Write {
  return {
    put: {
      ...keys.bankReference(reference),
      ...bankReferenceItem.parse({ entity: 'bankReference', v: 1, usedBy }),
    },
    condition: NOT_EXISTS,
  }
}
