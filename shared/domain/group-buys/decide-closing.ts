import type { PriceStep, SuccessRule } from '../../contracts/group-buys.ts'
import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, ZERO_FEN } from '../../kernel/money.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import { priceAt } from './price-steps.ts'

export type SoldLine = OwedLine & { readonly offerId: string }
/** The part of a paid order that belongs to the group buy. */
export type SoldShare = { readonly householdId: string; readonly lines: readonly SoldLine[] }

export type SoldSums = {
  readonly orders: number
  readonly households: number
  readonly portions: number
  readonly amountFen: Fen
}

export type ClosingOffer = {
  readonly offerId: string
  readonly priceFen: Fen
  readonly stock: number
  readonly priceSteps?: readonly PriceStep[] | undefined
}

export type ClosingDecision = {
  readonly outcome: 'confirmed' | 'failed'
  readonly sums: SoldSums
  /** By offer: what each portion costs in the end. */
  readonly finalPrices: ReadonlyMap<string, Fen>
}

/**
 * What becomes of a group buy whose orders are all paid or ended. A line that was refunded whole is not bought any more and
 * counts for nothing: not for the success, not for the price. Without a rule one order is enough; with none there is nothing
 * to harvest and the group buy has failed.
 */
export function decideClosing(
  rule: SuccessRule | undefined,
  offers: readonly ClosingOffer[],
  sold: readonly SoldShare[],
): ClosingDecision {
  const shares = sold.map(keptOf).filter((share) => share.lines.length > 0)
  const lines = shares.flatMap((share) => share.lines)
  const portions = new Map<string, number>()
  for (const line of lines) portions.set(line.offerId, (portions.get(line.offerId) ?? 0) + portionsOwed(line))
  const sums: SoldSums = {
    orders: shares.length,
    households: new Set(shares.map((share) => share.householdId)).size,
    portions: lines.reduce((sum, line) => sum + portionsOwed(line), 0),
    amountFen: addFen(ZERO_FEN, ...lines.map((line) => fen(line.amountFen - line.refundedFen))),
  }
  for (const offer of offers) assert((portions.get(offer.offerId) ?? 0) <= offer.stock, `${offer.offerId} is oversold`)
  return {
    outcome: hasSucceeded(rule, sums) ? 'confirmed' : 'failed',
    sums,
    finalPrices: new Map(offers.map((offer) => [offer.offerId, priceAt(offer, portions.get(offer.offerId) ?? 0)])),
  }
}

function keptOf(share: SoldShare): SoldShare {
  return { ...share, lines: share.lines.filter((line) => portionsOwed(line) > 0) }
}

function hasSucceeded(rule: SuccessRule | undefined, sums: SoldSums): boolean {
  if (sums.orders === 0) return false
  return rule === undefined || reachedOf(rule, sums) >= rule.minimum
}

/** How far a rule is, in its own measure. */
export function reachedOf(rule: SuccessRule, sums: Omit<SoldSums, 'orders'>): number {
  switch (rule.kind) {
    case 'portions':
      return sums.portions
    case 'households':
      return sums.households
    case 'amount':
      return sums.amountFen
  }
}
