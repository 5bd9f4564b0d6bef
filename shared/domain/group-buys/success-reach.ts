import type { SuccessRule } from '../../contracts/group-buys.ts'

type Asked = { readonly priceFen: number; readonly stock: number }

/** True when even the whole stock, sold, could not make the group buy succeed. Households are not bounded by the stock's price. */
export function isOutOfReach(rule: SuccessRule | undefined, offers: readonly Asked[]): boolean {
  if (rule === undefined) return false
  const portions = offers.reduce((sum, offer) => sum + offer.stock, 0)
  if (rule.kind !== 'amount') return rule.minimum > portions
  return rule.minimum > offers.reduce((sum, offer) => sum + offer.stock * offer.priceFen, 0)
}
