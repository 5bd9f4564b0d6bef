import type { ClaimView } from '#shared/contracts/claims.ts'
import type { ClaimItem } from './table/items/claims.ts'

/** A claim as its household sees it: not who decided it. */
export function claimView(claim: ClaimItem): ClaimView {
  const { claimId, saleId, state, reason, words, photoIds, lines, filedAt, decided } = claim
  return {
    ...{ claimId, saleId, state, reason, photoIds, lines, filedAt },
    ...(words === undefined ? {} : { words }),
    ...(decided === undefined ? {} : { decided }),
  }
}
