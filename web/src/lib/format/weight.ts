import type { Lang } from '../text/lang.ts'

/** A sum of weights, exact to the gram: `12.5 公斤`, `12.5 kg`. */
export function weightText(grams: number, lang: Lang): string {
  return `${grams / 1000} ${lang === 'zh' ? '公斤' : 'kg'}`
}

/** The same in 斤, which is what is said at the scales: `25 斤`; not said in English. */
export function jinText(grams: number, lang: Lang): string {
  return lang === 'zh' ? `${grams / 500} 斤` : ''
}

/** One portion as it is written into a form or a sheet, in the unit that makes it shortest: `2斤`, `1.5公斤`, `350克`. */
export function gramsText(grams: number): string {
  if (grams % 500 === 0) return `${grams / 500}斤`
  return grams >= 1000 && grams % 100 === 0 ? `${grams / 1000}公斤` : `${grams}克`
}
