import type { Lang } from '../text/lang.ts'

/** A sum of weights, exact to the gram: `12.5 公斤`, `12.5 kg`. */
export function weightText(grams: number, lang: Lang): string {
  return `${grams / 1000} ${lang === 'zh' ? '公斤' : 'kg'}`
}

/** The same in 斤, which is what is said at the scales: `25 斤`; not said in English. */
export function jinText(grams: number, lang: Lang): string {
  return lang === 'zh' ? `${grams / 500} 斤` : ''
}
