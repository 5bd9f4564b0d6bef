import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { categories, listingBodySchema } from '#shared/contracts/catalogue.ts'
import { fen, unitPriceFen } from '#shared/kernel/money.ts'
import { aliasOf, produceAliases } from '../../cdk/tools/seed/aliases.ts'
import { readShopList } from '../../cdk/tools/seed/district.ts'
import { readSeedTexts } from '../../cdk/tools/seed/read-data.ts'
import { choosePrices, readQuotes } from '../../cdk/tools/seed/read-prices.ts'
import { listingBodyOf } from '../../cdk/tools/seed/requests.ts'
import {
  buildShopList,
  keptFruits,
  keptVegetables,
  portionPriceFen,
  PRICE_SOURCE,
} from '../../cdk/tools/seed/shop-list.ts'
import { iconKeys } from '../../cdk/tools/seed/types.ts'

const texts = readSeedTexts()
const prices = new Map([...choosePrices(readQuotes(texts.vegetables)), ...choosePrices(readQuotes(texts.fruits))])
const shopList = readShopList(texts)

describe('the alias table', () => {
  it('knows every name of both market lists and no other, each once', () => {
    const names = produceAliases.map((entry) => entry.sourceName)
    expect(names).toHaveLength(245)
    expect(new Set(names)).toEqual(new Set(prices.keys()))
  })

  it('gives each name an aisle, a drawing, an English name and a display name without units or brackets of size', () => {
    for (const entry of produceAliases) {
      expect(categories).toContain(entry.category)
      expect(iconKeys).toContain(entry.icon)
      expect(entry.nameEn).toMatch(/^[A-Z][\p{L}\d –,-]+$/u)
      expect(entry.displayName).not.toMatch(/[/Φ.]|\uFEFF|纸袋|上六下六/)
      expect(entry.kinds.length).toBeGreaterThan(0)
    }
  })

  it('tells goods of one display name apart by grade or English name', () => {
    const shown = produceAliases.map((entry) => `${entry.displayName}|${entry.grade}|${entry.nameEn}`)
    expect(new Set(shown).size).toBe(shown.length)
  })

  it.each([
    ['椰青/个', { displayName: '椰青', saleUnit: 'piece', quotedPer: 'piece' }],
    ['箱装菠萝（上六下六）', { displayName: '菠萝', saleUnit: 'case', quotedPer: 'jin', grade: '上六下六' }],
    ['红玉/600', { displayName: '红玉', grade: '600', quotedPer: 'jin' }],
    ['富士（纸袋Φ70-84）', { displayName: '红富士苹果', grade: '纸袋 Φ70–84 mm' }],
    ['富士（纸袋Φ85以上）', { displayName: '红富士苹果', grade: '纸袋 Φ85 mm 以上' }],
    ['花牛(Φ70-85)', { displayName: '花牛苹果', grade: 'Φ70–85 mm' }],
    ['无籽小号-大号', { displayName: '无籽西瓜', grade: '小号—大号' }],
    ['圆白菜(陆地)', { displayName: '圆白菜', grade: '露地' }],
    ['西胡芦（油）', { displayName: '西葫芦', grade: '油皮' }],
    ['黄杏、金太阳', { displayName: '黄杏', kinds: ['黄杏', '金太阳'] }],
    ['凯特杏、白杏', { kinds: ['凯特杏', '白杏'] }],
    ['黑提葡萄、夏黑', { kinds: ['黑提', '夏黑'] }],
    ['小兰.特小凤', { kinds: ['小兰', '特小凤'] }],
    ['丑橘(不知火）晚禄', { displayName: '丑橘', kinds: ['不知火', '晚禄'] }],
    ['鄂、湘、川脐橙', { displayName: '脐橙', kinds: ['湖北脐橙', '湖南脐橙', '四川脐橙'] }],
    ['柿子椒', { displayName: '青椒' }],
  ])('reads the market name %s', (sourceName, meaning) => {
    expect(aliasOf(sourceName)).toMatchObject(meaning)
  })

  it('says so when the market writes a name nobody has read yet', () => {
    expect(() => aliasOf('火龙果')).toThrow('no alias for the market name "火龙果"')
  })

  it('names every kind where the market joins kinds with a comma or a dot', () => {
    for (const entry of produceAliases.filter(({ sourceName }) => /[、.]/.test(sourceName))) {
      expect(entry.kinds.length, entry.sourceName).toBeGreaterThan(1)
    }
  })
})

describe('the shop list', () => {
  it('has 60 vegetables and 12 fruits, each once', () => {
    expect(keptVegetables).toHaveLength(60)
    expect(keptFruits).toHaveLength(12)
    expect(new Set(shopList.map((item) => item.listingKey)).size).toBe(72)
    expect(new Set(shopList.map((item) => item.sourceName)).size).toBe(72)
    expect(new Set(shopList.map((item) => item.name)).size).toBe(72)
    for (const { listingKey } of shopList) expect(listingKey).toMatch(/^[a-z][a-z-]{1,19}$/)
  })

  it('sells nothing that does not grow around 聊城', () => {
    const foreign =
      /香蕉|菠萝|椰|芒|荔|笋$|柚|橙|柑|桔|橘|柠檬|木瓜|哈密|库尔勒|新疆|云南|猕猴桃|甘蔗|荔浦|沙姜|南姜|仙人掌|芦荟/
    // 莴笋 and 芦笋 are no bamboo.
    const sold = shopList.map((item) => item.sourceName).filter((name) => name !== '莴笋' && name !== '芦笋')
    for (const name of sold) expect(name).not.toMatch(foreign)
  })

  it('keeps fruit in the fruit aisle and vegetables out of it', () => {
    const fruitKeys = new Set(keptFruits.map((goods) => goods.listingKey))
    for (const item of shopList) expect(item.category === 'fruit', item.name).toBe(fruitKeys.has(item.listingKey))
  })

  it('prices each portion exactly: retail per 斤 × grams / 500, with nothing rounded', () => {
    for (const item of shopList) {
      const retailFen = prices.get(item.sourceName)?.retailFen
      expect(item.retailFenPerJin).toBe(retailFen)
      expect(item.priceFen * 500).toBe(item.retailFenPerJin * item.portionGrams)
      // So the unit prices that pages work back from the portion are the market's again.
      expect(unitPriceFen(item.priceFen, item.portionGrams, 500)).toBe(item.retailFenPerJin)
      expect(unitPriceFen(item.priceFen, item.portionGrams, 1000)).toBe(item.retailFenPerJin * 2)
    }
  })

  it.each([
    // name, portion, fen: 菠菜 普通 0.85 → 1.11 → 1.10; 富士 3.05 → 3.965 → 4.00 × 4 斤; 冬瓜 1.65 → 2.145 → 2.10 × 10 斤
    ['菠菜', 500, 110],
    ['红富士苹果', 2000, 1600],
    ['冬瓜', 5000, 2100],
    ['香椿芽', 250, 390],
  ])('asks for %s, %i g, %i fen', (name, portionGrams, priceFen) => {
    expect(shopList.find((item) => item.name === name)).toMatchObject({ portionGrams, priceFen })
  })

  it('refuses a portion that does not come to whole fen', () => {
    expect(() => portionPriceFen(fen(110), 333)).toThrow(RangeError)
    expect(() => portionPriceFen(fen(0), 500)).toThrow(RangeError)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1_000 }), (tens, fifties) => {
        expect(portionPriceFen(fen(tens * 10), fifties * 50)).toBe(tens * fifties)
      }),
    )
  })

  it('refuses a piece whose weight is not a whole number of half 斤, since its label would be untrue', () => {
    const odd = keptVegetables.filter((goods) => goods.pieceWord).map((goods) => ({ ...goods, portionGrams: 600 }))
    expect(() => buildShopList(prices, odd)).toThrow('600 g is not a whole number of half 斤')
  })

  it('refuses goods without a price, and goods quoted by the piece', () => {
    expect(() => buildShopList(new Map())).toThrow('the market lists carry no price for 菠菜')
    const coconut = keptFruits.slice(0, 1).map((goods) => ({ ...goods, sourceName: '椰青/个' }))
    expect(() => buildShopList(prices, coconut)).toThrow('椰青/个 is quoted by the piece')
  })

  it('labels every price as a sample with its day, and marks the one repaired price', () => {
    for (const item of shopList) {
      expect(item.priceSource).toBe('样本价 北京新发地 2016')
      expect(item.priceDay).toMatch(/^2016-0[45]-\d\d$/)
    }
    expect(shopList.filter((item) => item.repaired !== undefined).map((item) => [item.name, item.repaired])).toEqual([
      ['荆芥', '均价为 0，取最低价与最高价的中间值'],
    ])
    expect(PRICE_SOURCE).toBe('样本价 北京新发地 2016')
  })

  it('sells by the piece with the nominal weight in the label', () => {
    const pieces = shopList.flatMap((item) => (item.saleUnit === 'piece' ? [`${item.name} ${item.pieceLabel}`] : []))
    expect(pieces).toEqual([
      '大白菜 棵（约 5 斤）',
      '圆白菜 个（约 3 斤）',
      '紫甘蓝 个（约 2 斤）',
      '菜花 个（约 2 斤）',
      '西兰花 个（约 1 斤）',
      '冬瓜 个（约 10 斤）',
      '南瓜 个（约 5 斤）',
      '京欣西瓜 个（约 8 斤）',
    ])
  })

  it('fits the contract of a listing word for word', () => {
    for (const item of shopList) {
      const body = listingBodyOf({ ...item, listingId: `coop-1.${item.listingKey}`, coopId: 'coop-1' })
      expect(listingBodySchema.parse(body)).toEqual(body)
      expect(body.note).toContain(item.seasonNote)
      if (item.repaired !== undefined) expect(body.note).toContain(item.repaired)
    }
  })
})
