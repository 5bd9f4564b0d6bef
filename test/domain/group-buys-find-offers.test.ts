import { describe, expect, it } from 'vitest'
import { categoriesOf, findOffers, isSearch, searchOf } from '#shared/domain/group-buys/find-offers.ts'

const groupBuys = [
  {
    ...{ title: '本周鲜货', villageName: '兴和新村', coopName: '兴和合作社' },
    offers: [
      { name: '番茄', nameEn: 'Tomato', category: 'solanaceous' },
      { name: '小白菜', category: 'leaf' },
    ],
  },
  {
    ...{ title: '冬储', villageName: '李楼村', coopName: '李楼合作社' },
    offers: [
      { name: '黄心土豆', category: 'root' },
      { name: '圣女番茄', category: 'solanaceous' },
    ],
  },
]
const found = (text: string, category?: string) =>
  findOffers(groupBuys, searchOf(text, category)).flatMap(({ offers }) => offers.map(({ name }) => name))

describe('looking for goods', () => {
  it.each([
    ['a part of the name', '番茄', ['番茄', '圣女番茄']],
    ['what others call it', '西红柿', ['番茄', '圣女番茄']],
    ['its other name inside a longer one', '马铃薯', ['黄心土豆']],
    ['English, in any case', 'TOMATO', ['番茄']],
    ['full-width letters and stray signs', '　ｔｏｍａｔｏ！', ['番茄']],
    ['the village', '李楼', ['黄心土豆', '圣女番茄']],
    ['village and goods together', '李楼 番茄', ['圣女番茄']],
    ['what nobody offers', '榴莲', []],
    ['nothing at all', ' ，', ['番茄', '小白菜', '黄心土豆', '圣女番茄']],
  ])('by %s', (_, text, names) => {
    expect(found(text)).toEqual(names)
  })

  it('by kind, and by kind and name', () => {
    expect(found('', 'solanaceous')).toEqual(['番茄', '圣女番茄'])
    expect(found('圣女', 'solanaceous')).toEqual(['圣女番茄'])
    expect(found('圣女', 'leaf')).toEqual([])
  })

  it('takes no pattern for anything but text', () => {
    expect(found('.*')).toHaveLength(4)
    expect(found('番.茄')).toEqual(['番茄', '圣女番茄'])
    expect(isSearch(searchOf('.*', undefined))).toBe(false)
  })

  it('leaves out group buys in which nothing was found', () => {
    expect(findOffers(groupBuys, searchOf('土豆', undefined)).map(({ title }) => title)).toEqual(['冬储'])
  })

  it('reads no more than a few words', () => {
    expect(searchOf('一 二 三 四 五 六 七', undefined).words).toEqual(['一', '二', '三', '四', '五'])
    expect(searchOf('长'.repeat(500), undefined).words[0]).toHaveLength(40)
  })
})

describe('kinds of goods', () => {
  it('are those that are there, in the order given', () => {
    expect(categoriesOf(groupBuys, ['leaf', 'root', 'fruit', 'solanaceous'])).toEqual(['leaf', 'root', 'solanaceous'])
  })
})
