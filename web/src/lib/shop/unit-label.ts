import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import type { Lang } from '../text/lang.ts'

const pieces: Readonly<Record<string, string>> = {
  个: 'piece',
  棵: 'head',
  根: 'stick',
  箱: 'box',
  盒: 'box',
  把: 'bunch',
  袋: 'bag',
  份: 'portion',
  提: 'pack',
}

/** `棵（约 5 斤）` is `head (about 2.5 kg)`; what is not known stays as the co-op wrote it. */
function pieceInEnglish(label: string): string {
  const [, piece = label, jin] = /^(.+?)（约 ?([\d.]+) ?斤）$/.exec(label) ?? []
  const word = pieces[piece] ?? piece
  return jin === undefined ? word : `${word} (about ${Number(jin) / 2} kg)`
}

/** What one portion is: `1 斤（500 克）`, `约 5 斤（2500 克）` where each is weighed, `1 个`; `500 g`, `about 2.5 kg`, `1 piece`. */
export function unitLabel(unit: SaleUnit, lang: Lang): string {
  if (unit.by === 'piece') return `1 ${lang === 'zh' ? unit.pieceLabel : pieceInEnglish(unit.pieceLabel)}`
  const about = unit.weighed === true ? { zh: '约 ', en: 'about ' }[lang] : ''
  return about + weightText(unit.portionGrams, lang)
}

function weightText(grams: number, lang: Lang): string {
  if (lang === 'en') return grams >= 1000 && grams % 100 === 0 ? `${grams / 1000} kg` : `${grams} g`
  return grams % 500 === 0 ? `${grams / 500} 斤（${grams} 克）` : `${grams} 克`
}

/** A unit that the API has put into words already, as orders and totals keep it: `500 克`, `约 2.5 千克`, `个`. */
export function unitText(label: string, lang: Lang): string {
  if (lang === 'zh') return label
  const [, about, amount, unit] = /^(约 )?([\d.]+) (克|千克)$/.exec(label) ?? []
  if (amount === undefined) return pieceInEnglish(label)
  return `${about === undefined ? '' : 'about '}${amount} ${unit === '克' ? 'g' : 'kg'}`
}
