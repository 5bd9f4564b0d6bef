import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { purchaseOrderSheets, versionText } from '#web/lib/server/sheets/purchase-order-sheet.ts'
import { sortingSheets } from '#web/lib/server/sheets/sorting-sheets.ts'
import { readCells } from '#web/lib/server/sheets/read-cells.ts'
import { xlsxBytes } from '#web/lib/server/sheets/xlsx-file.ts'
import { labelsOf, LINES_PER_LABEL } from '#web/lib/sheets/labels.ts'

const line = (at: number, portions = 1) => ({ offerId: `o-${at}`, name: `菜${at}`, unitLabel: '500 克', portions })
const order = (orderId: string, lines: ReturnType<typeof line>[], pickUpCode = '012345') => {
  return { orderId, pickUpCode, pickUpPointName: '东门驿站', lines }
}
const cellsOf = async (sheets: Parameters<typeof xlsxBytes>[0]) => {
  const read = readCells(await xlsxBytes(sheets))
  return 'cells' in read ? read.cells : []
}

describe('bag labels', () => {
  it('are one a bag in the order of the roll, with code, room and goods', () => {
    const households = [
      { householdLabel: '示例小区2号楼1单元101室', orders: [order('a', [line(1, 2)]), order('b', [line(2)])] },
      { householdLabel: '示例小区10号楼1单元201室', orders: [order('c', [line(1), line(3, 3)])] },
    ]
    const labels = labelsOf({ compoundName: '示例小区', households })
    expect(
      labels.map(({ room, pickUpCode, portions, part, parts }) => [room, pickUpCode, portions, part, parts]),
    ).toEqual([
      ['2号楼1单元101室', '012345', 2, 1, 1],
      ['2号楼1单元101室', '012345', 1, 1, 1],
      ['10号楼1单元201室', '012345', 4, 1, 1],
    ])
  })

  it('of a bag with many goods are several, and nothing is left off or doubled', () => {
    const goods = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(goods, (portions) => {
        const lines = portions.map((each, at) => line(at, each))
        const labels = labelsOf({
          compoundName: '',
          households: [{ householdLabel: '1', orders: [order('a', lines)] }],
        })
        expect(labels.flatMap((label) => label.lines)).toEqual(lines)
        expect(new Set(labels.map(({ key }) => key)).size).toBe(labels.length)
        expect(labels.map(({ part }) => part)).toEqual(labels.map((_, at) => at + 1))
        for (const label of labels) {
          expect(label.lines.length).toBeLessThanOrEqual(LINES_PER_LABEL)
          expect(label.parts).toBe(labels.length)
          expect(label.portions).toBe(portions.reduce((sum, each) => sum + each, 0))
        }
      }),
    )
  })
})

const window = {
  closesAt: '2026-11-25T12:00:00.000Z',
  pickUpStartsAt: '2026-11-26T08:30:00.000Z',
  pickUpEndsAt: '2026-11-26T12:00:00.000Z',
  computedAt: '2026-11-25T12:05:00.000Z',
}

describe('the purchase order as a spreadsheet', () => {
  const sum = {
    offerId: 'o-1',
    name: '=番茄',
    unitLabel: '500 克',
    portionGrams: 500,
    boxPortions: 2,
    portions: 3,
    grams: 1500,
    amountFen: 1755,
  }
  const eggs = { offerId: 'o-2', name: '鸡蛋', unitLabel: '盒', portions: 1, amountFen: 990 }
  const order = {
    ...{ groupBuyId: 'gb', title: '本周鲜货', state: 'confirmed' as const, coopId: 'c', coopName: '合作社', ...window },
    ...{
      villageId: 'v',
      villageName: '朱庄村',
      townName: '堂邑镇',
      final: true,
      paidOrderCount: 2,
      payableOrderCount: 0,
    },
    offers: [sum, eggs],
    compounds: [
      {
        ...{
          compoundId: 'c-1',
          compoundName: '示例小区',
          orderCount: 2,
          offers: [sum, eggs],
          portions: 4,
          amountFen: 2745,
        },
        pickUpPoint: { pickUpPointId: 'p', name: '东门驿站', address: '东门', hours: '16:00' },
      },
    ],
    ...{ portions: 4, amountFen: 2745, shortageRule: 'first-paid' as const },
  }

  it('says what it is, as of when, and holds the figures as numbers', async () => {
    const cells = await cellsOf(purchaseOrderSheets(order))
    expect(cells.slice(0, 7)).toEqual([
      ['采购单 · 本周鲜货'],
      ['合作社', '堂邑镇 朱庄村 · 合作社'],
      ['截止', '2026年11月25日 周三 20:00'],
      ['提货', '2026年11月26日 周四 16:30–20:00'],
      ['数据时间', '2026年11月25日 周三 20:05'],
      ['版本', '已截单，不会再增加；以后整行退款的会减掉'],
      ['已付款', 2, '单'],
    ])
    expect(cells.slice(9)).toEqual([
      ['示例小区', '东门驿站', '东门', '=番茄', '500 克', 3, 1.5, 17.55, '1 箱 + 1 份'],
      ['示例小区', '东门驿站', '东门', '鸡蛋', '盒', 1, null, 9.9],
      ['示例小区', '东门驿站', null, '小计', null, 4, null, 27.45],
      ['全部小区', null, null, '=番茄', '500 克', 3, 1.5, 17.55, '1 箱 + 1 份'],
      ['全部小区', null, null, '鸡蛋', '盒', 1, null, 9.9],
      ['全部小区', null, null, '合计', null, 4, null, 27.45],
    ])
  })

  it.each([
    [true, 0, '已截单'],
    [false, 0, '还在接单'],
    [false, 3, '还有 3 单没付完款'],
  ])('final %s with %i to be paid says so', (final, payableOrderCount, text) => {
    expect(versionText({ final, payableOrderCount })).toContain(text)
  })
})

describe('the sorting sheet as a spreadsheet', () => {
  it('keeps the zeros of a code, names a household once, and sums', async () => {
    const sheet = {
      ...{
        compoundId: 'c-1',
        compoundName: '示例小区',
        groupBuyId: 'gb',
        title: '本周鲜货',
        coopName: '合作社',
        ...window,
      },
      ...{ villageName: '朱庄村', final: false, payableOrderCount: 1, bagCount: 1, portions: 3 },
      households: [{ householdLabel: '示例小区2号楼1单元101室', orders: [{ ...order('a', [line(1, 2), line(2)]) }] }],
      products: [{ ...line(1, 2), grams: 1000 }, line(2)],
    }
    const [roll, products] = sortingSheets(sheet)
    const cells = await cellsOf(roll === undefined ? [] : [roll])
    expect(cells[5]).toEqual(['版本', '未定：还有 1 单没付完款'])
    expect(cells.slice(9)).toEqual([
      ['2号楼1单元101室', '012345', '东门驿站', '菜1', '500 克', 2],
      [null, '012345', '东门驿站', '菜2', '500 克', 1],
      ['合计', null, null, null, null, 3],
    ])
    expect((await cellsOf(products === undefined ? [] : [products])).slice(9)).toEqual([
      ['菜1', '500 克', 2, 1],
      ['菜2', '500 克', 1],
      ['合计', null, 3],
    ])
  })
})
