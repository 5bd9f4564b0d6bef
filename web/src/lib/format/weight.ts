import type { Lang } from '../text/lang.ts'

/** A sum of weights, exact to the gram: `12.5 公斤（25 斤）`, `12.5 kg`. */
export function weightText(grams: number, lang: Lang): string {
  return lang === 'zh' ? `${grams / 1000} 公斤（${grams / 500} 斤）` : `${grams / 1000} kg`
}
