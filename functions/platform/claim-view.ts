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

/** The same for a building leader who ordered for the household and did not file it: what it wrote and showed is not theirs. */
export function claimOutline(claim: ClaimItem): ClaimView {
  const { claimId, saleId, state, reason, lines, filedAt, decided } = claim
  const outline = { ...{ claimId, saleId, state, reason, lines, filedAt }, photoIds: [] }
  if (decided === undefined) return outline
  // The answer may say again what was written.
  return { ...outline, decided: { at: decided.at, amountFen: decided.amountFen, lines: decided.lines } }
}
