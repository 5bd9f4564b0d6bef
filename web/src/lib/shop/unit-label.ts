import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import type { Lang } from '../text/lang.ts'

const pieces: Readonly<Record<string, string>> = {
  个: 'piece',
  箱: 'box',
  盒: 'box',
  把: 'bunch',
  袋: 'bag',
  份: 'portion',
  提: 'pack',
}

/** What one portion is: `500 克（1 斤）`, `个`; `500 g`, `piece`. */
export function unitLabel(unit: SaleUnit, lang: Lang): string {
  if (unit.by === 'piece')
    return lang === 'zh' ? `1 ${unit.pieceLabel}` : `1 ${pieces[unit.pieceLabel] ?? unit.pieceLabel}`
  const grams = unit.portionGrams
  if (lang === 'en') return grams % 1000 === 0 ? `${grams / 1000} kg` : `${grams} g`
  return grams % 500 === 0 ? `${grams / 500} 斤（${grams} 克）` : `${grams} 克`
}
