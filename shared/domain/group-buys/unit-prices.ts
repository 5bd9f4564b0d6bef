import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import { type Fen, unitPriceFen } from '#shared/kernel/money.ts'
import { GRAMS_PER_JIN, GRAMS_PER_KG } from '#shared/kernel/quantity.ts'

/** 元/斤（500 克） and 元/kg of a portion, half-up to fen; nothing for goods sold by the piece. */
export function unitPrices(priceFen: Fen, saleUnit: SaleUnit): { perJinFen?: Fen; perKgFen?: Fen } {
  if (saleUnit.by !== 'weight') return {}
  return {
    perJinFen: unitPriceFen(priceFen, saleUnit.portionGrams, GRAMS_PER_JIN),
    perKgFen: unitPriceFen(priceFen, saleUnit.portionGrams, GRAMS_PER_KG),
  }
}
