import { describe, expect, it } from 'vitest'
import { arrivalText, openingText, uncollectedText } from '#web/lib/group-chat/group-chat-text.ts'

const offer = { name: '番茄', grade: '一级', saleUnit: { by: 'weight', portionGrams: 1000 } as const }
const groupBuy = {
  ...{ title: '本周鲜货', villageName: '朱庄村', coopName: '朱庄合作社' },
  ...{ closesAt: '2026-11-25T12:00:00.000Z', pickUpStartsAt: '2026-11-26T08:30:00.000Z' },
  pickUpEndsAt: '2026-11-26T12:00:00.000Z',
}

describe('the text for the WeChat group', () => {
  it('at the opening tells goods, both prices, days written out, and where to order', () => {
    const offers = [
      { ...offer, priceFen: 1180, perJinFen: 590 },
      { name: '西瓜', saleUnit: { by: 'piece', pieceLabel: '个' } as const, priceFen: 1200 },
    ]
    expect(openingText({ ...groupBuy, offers }, 'https://x.example/group-buys/gb')).toBe(
      [
        '【开团】本周鲜货',
        '朱庄村 · 朱庄合作社',
        '· 番茄（一级）：11.80 元 / 2 斤（1000 克），合 5.90 元/斤',
        '· 西瓜：12.00 元 / 个',
        '截止：2026年11月25日 周三 20:00',
        '取货：2026年11月26日 周四 16:30–20:00',
        '下单：https://x.example/group-buys/gb',
      ].join('\n'),
    )
  })

  it('names twenty goods and counts the rest', () => {
    const offers = Array.from({ length: 23 }, () => ({ ...offer, priceFen: 1180, perJinFen: 590 }))
    const text = openingText({ ...groupBuy, offers }, 'x')
    expect(text.match(/^· /gm)).toHaveLength(20)
    expect(text).toContain('还有 3 样')
  })

  it('on arrival tells what came, where and when, and leaves out what did not come', () => {
    const lines = [
      { name: '番茄', arrivedPortions: 12 },
      { name: '西瓜', arrivedPortions: 0 },
    ]
    const point = { address: '东门', hours: '16:00–20:00' }
    const text = arrivalText('本周鲜货', { pickUpPointName: '东门驿站', lines }, point, '今天 16:30–20:00')
    expect(text).toContain('到了：番茄 12 份')
    expect(text).toContain('取货点：东门驿站（东门）')
    expect(text).not.toContain('西瓜')
  })

  it('reminds by a count, until when, and of nobody', () => {
    expect(uncollectedText('本周鲜货', 3, groupBuy.pickUpEndsAt)).toContain(
      '还有 3 单没取，2026年11月26日 周四 20:00 前请来取。',
    )
  })
})
