import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import { unreachable } from '#shared/kernel/assert.ts'

/** What one portion is: `500 克`, `约 2.5 千克` where each is weighed, or `个`. */
export function unitLabel(saleUnit: SaleUnit): string {
  switch (saleUnit.by) {
    case 'weight':
      return `${saleUnit.weighed === true ? '约 ' : ''}${weightLabel(saleUnit.portionGrams)}`
    case 'piece':
      return saleUnit.pieceLabel
    default:
      return unreachable(saleUnit)
  }
}

function weightLabel(grams: number): string {
  return grams >= 1000 && grams % 100 === 0 ? `${grams / 1000} 千克` : `${grams} 克`
}
