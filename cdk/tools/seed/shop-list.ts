import { fen, type Fen } from '#shared/kernel/money.ts'
import { GRAMS_PER_JIN } from '#shared/kernel/quantity.ts'
import { aliasOf } from './aliases.ts'
import { flawWords, type ChosenPrice } from './read-prices.ts'
import type { ShopItem, TemperatureZone } from './types.ts'

/** Shown wherever one of these prices is shown. */
export const PRICE_SOURCE = '样本价 北京新发地 2016'

export interface KeptGoods {
  readonly listingKey: string
  readonly sourceName: string
  readonly portionGrams: number
  /** The counting word of goods handed over by the piece; absent for goods weighed out. */
  readonly pieceWord?: string
  readonly temperatureZone: TemperatureZone
  readonly seasonNote: string
}

const weighed =
  (temperatureZone: TemperatureZone) =>
  (listingKey: string, sourceName: string, portionGrams: number, seasonNote: string): KeptGoods => ({
    listingKey,
    sourceName,
    portionGrams,
    temperatureZone,
    seasonNote,
  })
const ambient = weighed('ambient')
const chilled = weighed('chilled')
const counted = (
  listingKey: string,
  sourceName: string,
  portionGrams: number,
  pieceWord: string,
  seasonNote: string,
): KeptGoods => ({ ...ambient(listingKey, sourceName, portionGrams, seasonNote), pieceWord })

const ALL_YEAR_GREENHOUSE = '大棚全年'
const SPRING_AND_AUTUMN = '露地 4—6 月、9—11 月，大棚全年'
const SUMMER = '露地 6—9 月，大棚 4—11 月'
const STORED = '秋收后贮存，全年'
const MUSHROOM_HOUSE = '菇房全年'

/**
 * What co-operatives around 聊城 really grow, by the market's names: no bananas, no pineapple, no bamboo. Portions are what a
 * household takes home; the months are those of the plain around 东昌府区.
 */
export const keptVegetables: readonly KeptGoods[] = [
  chilled('bocai', '菠菜', 500, '露地 3—5 月、9—12 月，大棚全年'),
  chilled('youcai', '油菜', 500, SPRING_AND_AUTUMN),
  chilled('xiaobaicai', '小白菜', 500, SPRING_AND_AUTUMN),
  chilled('kuaicai', '快菜', 500, ALL_YEAR_GREENHOUSE),
  chilled('jimaocai', '鸡毛菜', 500, ALL_YEAR_GREENHOUSE),
  chilled('shengcai', '生菜', 500, ALL_YEAR_GREENHOUSE),
  chilled('youmaicai', '油麦菜', 500, ALL_YEAR_GREENHOUSE),
  chilled('kuju', '苦菊', 500, ALL_YEAR_GREENHOUSE),
  chilled('tonghao', '茼蒿', 500, SPRING_AND_AUTUMN),
  chilled('haozigan', '蒿子秆', 500, SPRING_AND_AUTUMN),
  chilled('xiancai', '苋菜', 500, '露地 5—9 月'),
  chilled('kongxincai', '空心菜', 500, '露地 5—10 月'),
  chilled('muercai', '木耳菜', 500, '露地 6—10 月'),
  chilled('huixiang', '茴香', 500, SPRING_AND_AUTUMN),
  chilled('qincai', '芹菜', 1000, SPRING_AND_AUTUMN),
  chilled('xiangchun', '香椿', 250, '露地 4 月，大棚 2—4 月'),
  counted('dabaicai', '大白菜', 2500, '棵', '露地 10—11 月，贮存到次年 3 月'),
  counted('yuanbaicai', '圆白菜(陆地)', 1500, '个', '露地 5—6 月、10—11 月'),
  counted('ziganlan', '紫甘蓝', 1000, '个', SPRING_AND_AUTUMN),
  counted('caihua', '菜花', 1000, '个', SPRING_AND_AUTUMN),
  counted('xilanhua', '绿菜花', 500, '个', SPRING_AND_AUTUMN),
  ambient('tudou', '土豆', 2500, STORED),
  ambient('xintudou', '新土豆', 1500, '露地 5—6 月'),
  ambient('hongshu', '红薯', 2500, STORED),
  ambient('zishu', '紫薯', 1500, STORED),
  ambient('huluobo', '胡萝卜', 1000, STORED),
  ambient('bailuobo', '白萝卜', 1500, '露地 9—11 月，贮存到次年 3 月'),
  ambient('qingluobo', '青萝卜', 1500, '露地 10—11 月，贮存到次年 3 月'),
  ambient('xinlimei', '心里美', 1000, '露地 10—11 月，贮存到次年 3 月'),
  chilled('shuiluobo', '水萝卜', 1000, '露地 4—6 月'),
  ambient('shanyao', '山药', 1000, STORED),
  ambient('tiegunshanyao', '铁棍山药', 1000, STORED),
  chilled('lianou', '藕', 1500, '9 月到次年 4 月'),
  chilled('wosun', '莴笋', 1000, SPRING_AND_AUTUMN),
  chilled('lusun', '芦笋', 500, '露地 4—9 月'),
  ambient('niubang', '牛蒡', 1000, STORED),
  chilled('huanggua', '黄瓜', 1000, SUMMER),
  chilled('sigua', '丝瓜', 1000, SUMMER),
  chilled('kugua', '苦瓜', 1000, SUMMER),
  chilled('xihulu', '西胡芦（油）', 1000, SUMMER),
  counted('donggua', '冬瓜', 5000, '个', '露地 7—10 月'),
  counted('nangua', '南瓜', 2500, '个', '露地 7—10 月'),
  ambient('fanqie', '番茄', 1000, SUMMER),
  ambient('shengnvguo', '圣女果', 500, SUMMER),
  chilled('qiezi', '茄子', 1000, SUMMER),
  chilled('changqie', '长茄', 1000, SUMMER),
  chilled('qingjiao', '柿子椒', 1000, SUMMER),
  chilled('jianjiao', '尖椒', 500, SUMMER),
  chilled('doujiao', '豇豆', 1000, '露地 6—9 月'),
  chilled('yundou', '架豆', 1000, '露地 5—7 月、9—10 月'),
  chilled('maodou', '毛豆', 1000, '露地 7—10 月'),
  ambient('yumi', '鲜玉米', 2000, '露地 6—9 月'),
  ambient('dasuan', '大蒜', 500, '5 月收，贮存全年'),
  ambient('dacong', '葱', 1500, '露地 9—12 月，贮存到次年 3 月'),
  ambient('yangcong', '黄皮葱头', 2500, '5—6 月收，贮存全年'),
  chilled('jiucai', '韭菜', 500, '露地 3—10 月，大棚全年'),
  chilled('xiangcai', '香菜', 250, SPRING_AND_AUTUMN),
  chilled('jingjie', '荆芥', 250, '露地 5—9 月'),
  chilled('pinggu', '平菇', 500, MUSHROOM_HOUSE),
  chilled('xianggu', '香菇', 500, MUSHROOM_HOUSE),
]

export const keptFruits: readonly KeptGoods[] = [
  counted('jingxin-xigua', '京欣西瓜', 4000, '个', '大棚 4—5 月，露地 6—7 月'),
  ambient('yangjiaomi', '羊角蜜', 1500, '大棚 4—6 月'),
  ambient('lvbao-tiangua', '绿宝（皮2）', 1500, '大棚 4—6 月'),
  chilled('hongyan-caomei', '红颜草莓', 500, '大棚 12 月到次年 5 月'),
  ambient('chunxue-tao', '春雪大桃', 1000, '大棚 4—5 月，露地 6 月'),
  ambient('huangxing', '黄杏、金太阳', 1000, '大棚 4—5 月，露地 5—6 月'),
  chilled('hongdeng-yingtao', '红灯', 500, '大棚 4 月，露地 5 月'),
  chilled('sangshen', '桑葚', 500, '露地 5—6 月'),
  chilled('xiahei-putao', '黑提葡萄、夏黑', 1000, '大棚 5—6 月，露地 7—8 月'),
  ambient('hongfushi', '富士（纸袋Φ85以上）', 2000, '10 月收，冷库存到次年 5 月'),
  ambient('yali', '鸭梨', 2000, '9 月收，冷库存到次年 5 月'),
  ambient('shanzha', '山楂', 1000, '10 月收，冷库存到次年 4 月'),
]

/** Retail fen per 斤 × grams / 500; throws when the portion does not come to whole fen, since a price is never rounded twice. */
export function portionPriceFen(retailFenPerJin: Fen, portionGrams: number): Fen {
  const product = retailFenPerJin * portionGrams
  if (!Number.isSafeInteger(product) || product <= 0 || product % GRAMS_PER_JIN !== 0) {
    throw new RangeError(`${portionGrams} g at ${retailFenPerJin} fen per 斤 is not a whole, positive price`)
  }
  return fen(product / GRAMS_PER_JIN)
}

/** 2500 g → “个（约 5 斤）”; whole and half 斤 only. */
function pieceLabelOf(pieceWord: string, grams: number): string {
  const halfJin = grams / 250
  if (!Number.isInteger(halfJin)) throw new RangeError(`${grams} g is not a whole number of half 斤`)
  return `${pieceWord}（约 ${halfJin / 2} 斤）`
}

function shopItemOf(goods: KeptGoods, prices: ReadonlyMap<string, ChosenPrice>): ShopItem {
  const alias = aliasOf(goods.sourceName)
  const price = prices.get(goods.sourceName)
  if (price === undefined) throw new Error(`the market lists carry no price for ${goods.sourceName}`)
  if (alias.quotedPer !== 'jin')
    throw new Error(`${goods.sourceName} is quoted by the piece and cannot be sold by weight`)
  const facts = {
    listingKey: goods.listingKey,
    sourceName: goods.sourceName,
    name: alias.displayName,
    nameEn: alias.nameEn,
    category: alias.category,
    icon: alias.icon,
    grade: alias.grade,
    alsoKnownAs: alias.alsoKnownAs,
    portionGrams: goods.portionGrams,
    priceFen: portionPriceFen(price.retailFen, goods.portionGrams),
    retailFenPerJin: price.retailFen,
    priceSource: PRICE_SOURCE,
    priceDay: price.day,
    ...(price.repaired === undefined ? {} : { repaired: flawWords[price.repaired] }),
    temperatureZone: goods.temperatureZone,
    seasonNote: goods.seasonNote,
  }
  return goods.pieceWord === undefined
    ? { ...facts, saleUnit: 'weight' }
    : { ...facts, saleUnit: 'piece', pieceLabel: pieceLabelOf(goods.pieceWord, goods.portionGrams) }
}

/** The kept list with its prices: 60 vegetables, then 12 fruits. */
export function buildShopList(
  prices: ReadonlyMap<string, ChosenPrice>,
  goods: readonly KeptGoods[] = [...keptVegetables, ...keptFruits],
): ShopItem[] {
  return goods.map((kept) => shopItemOf(kept, prices))
}
