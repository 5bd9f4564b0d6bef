import { PORTIONS_MAX } from '../../kernel/quantity.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'

export type WantedLine = {
  readonly groupBuyId: string
  readonly offerId: string
  readonly quantity: number
  readonly unitPriceFen?: number | undefined
}

/**
 * Lines of one offer become one line, so that an offer's stock and limit are checked once for all of it. The result is
 * sorted: the same basket written in another order is the same basket.
 */
export function mergeLines(
  lines: readonly WantedLine[],
): readonly WantedLine[] | Refused<'QUANTITY_TOO_LARGE' | 'PRICE_CHANGED'> {
  const merged = new Map<string, WantedLine>()
  for (const line of lines) {
    const key = `${line.groupBuyId} ${line.offerId}`
    const before = merged.get(key)
    if (before === undefined) {
      merged.set(key, line)
      continue
    }
    const quantity = before.quantity + line.quantity
    if (quantity > PORTIONS_MAX) return refused('QUANTITY_TOO_LARGE', `同一商品最多 ${PORTIONS_MAX} 份`)
    if (disagree(before.unitPriceFen, line.unitPriceFen)) return refused('PRICE_CHANGED', '价格有变化，请刷新后再下单')
    merged.set(key, { ...before, quantity, unitPriceFen: before.unitPriceFen ?? line.unitPriceFen })
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
}

function disagree(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}
