/** The languages of the pages: Chinese first, English second. Every string exists in both. */
export const langs = ['zh', 'en'] as const
export type Lang = (typeof langs)[number]

export const htmlLang: Readonly<Record<Lang, string>> = { zh: 'zh-CN', en: 'en' }

export function toLang(text: string | null | undefined): Lang | undefined {
  return langs.find((lang) => lang === text)
}

type Words = (...parts: never[]) => string
/** One thing to say, `[Chinese, English]`: two sentences, or two functions that put the same parts into one. */
export type Pair = readonly [string, string] | readonly [Words, Words]
export type Dictionary = Readonly<Record<string, Pair>>

type Spoken<P extends Pair> = P extends readonly [infer Zh extends Words, Words] ? Zh : string
export type Said<D extends Dictionary> = { readonly [Key in keyof D]: Spoken<D[Key]> }

// Every component of a list asks for the same dictionary. Kept only as long as the dictionary itself.
const said: Readonly<Record<Lang, WeakMap<Dictionary, object>>> = { zh: new WeakMap(), en: new WeakMap() }

/** A dictionary in one language. */
export function say<const D extends Dictionary>(dictionary: D, lang: Lang): Said<D> {
  const known = said[lang].get(dictionary)
  if (known) return known as Said<D>
  const index = langs.indexOf(lang)
  const spoken = Object.fromEntries(Object.entries(dictionary).map(([key, pair]) => [key, pair[index]])) as Said<D>
  said[lang].set(dictionary, spoken)
  return spoken
}
