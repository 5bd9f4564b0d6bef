import type { PaidShare } from './group-buy-shares.ts'
import { gramsOfLine } from './items/orders.ts'

/** Lines of a share with what the scale said. */
export function linesWithGrams({ share, lines }: PaidShare) {
  return lines.map((line) => ({ ...line, grams: gramsOfLine(share, line.lineId) }))
}
