/** One name in several mouths: who looks for any of a row finds all of it. */
const SAME_GOODS: readonly (readonly string[])[] = [
  ['番茄', '西红柿'],
  ['圣女果', '小番茄', '小西红柿', '樱桃番茄'],
  ['土豆', '马铃薯', '洋芋'],
  ['红薯', '地瓜', '番薯', '甘薯'],
  ['玉米', '苞米', '棒子'],
  ['圆白菜', '卷心菜', '包菜', '甘蓝'],
  ['香菜', '芫荽'],
  ['花生', '长生果'],
  ['豆角', '豇豆', '四季豆'],
  ['菠菜', '赤根菜'],
  ['蒜薹', '蒜苔'],
  ['猕猴桃', '奇异果'],
]

type Findable = {
  readonly name: string
  readonly nameEn?: string | undefined
  readonly category: string
}
type From = { readonly title: string; readonly villageName: string; readonly coopName: string }

export type Search = { readonly words: readonly string[]; readonly category: string | undefined }

export const SEARCH_MAX = 40
const WORDS_MAX = 5

/** What somebody typed, as words: in any width and case, each with a letter, digit or character in it. */
export function searchOf(text: string, category: string | undefined): Search {
  const words = text
    .slice(0, SEARCH_MAX)
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return { words: words.slice(0, WORDS_MAX), category }
}

export const isSearch = ({ words, category }: Search): boolean => words.length > 0 || category !== undefined

/** Every word stands in the goods' name, in one of its other names, or in that of the village or co-op they come from. */
function matches({ words, category }: Search, offer: Findable, from: From): boolean {
  if (category !== undefined && offer.category !== category) return false
  const text = [offer.name, offer.nameEn ?? '', from.villageName, from.coopName, from.title]
    .join(' ')
    .normalize('NFKC')
    .toLowerCase()
  return words.every((word) => namesOf(word).some((name) => text.includes(name)))
}

function namesOf(word: string): readonly string[] {
  return [word, ...SAME_GOODS.filter((names) => names.includes(word)).flat()]
}

/** The group buys in which something is found, each with what was found. */
export function findOffers<GroupBuy extends From & { readonly offers: readonly Findable[] }>(
  groupBuys: readonly GroupBuy[],
  search: Search,
): readonly GroupBuy[] {
  return groupBuys
    .map((groupBuy) => ({ ...groupBuy, offers: groupBuy.offers.filter((offer) => matches(search, offer, groupBuy)) }))
    .filter(({ offers }) => offers.length > 0)
}

/** Which kinds of goods there are, in the order given. */
export function categoriesOf<Category extends string>(
  groupBuys: readonly { readonly offers: readonly { readonly category: string }[] }[],
  categories: readonly Category[],
): readonly Category[] {
  const there = new Set(groupBuys.flatMap(({ offers }) => offers.map(({ category }) => category)))
  return categories.filter((category) => there.has(category))
}
