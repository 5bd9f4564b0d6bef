import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IMPORT_ROWS_MAX, importedListingSchema } from '#shared/contracts/catalogue.ts'
import { guessKind } from '#shared/domain/catalogue/guess-kind.ts'
import { readListingSheet } from '#shared/domain/catalogue/listing-sheet.ts'
import {
  type Cell,
  plainText,
  readGrams,
  readGramsTyped,
  readPriceFen,
  readSaleUnit,
} from '#shared/domain/catalogue/read-cell.ts'

const weight = (portionGrams: number) => ({ by: 'weight' as const, portionGrams })
const piece = (pieceLabel: string) => ({ by: 'piece' as const, pieceLabel })
import { gramsText } from '#web/lib/format/weight.ts'

describe('a weight as people write it', () => {
  it.each([
    ['500克', 500],
    ['５００克', 500],
    ['500 g', 500],
    ['500G', 500],
    ['1斤', 500],
    ['一斤', 500],
    ['半斤', 250],
    ['两斤', 1000],
    ['3市斤', 1500],
    ['2两', 100],
    ['2.5公斤', 2500],
    ['０．５千克', 500],
    ['1kg', 1000],
    ['1,500克', 1500],
    ['0.3斤', 150],
    ['50公斤', 50_000],
  ])('%s is %i g', (text, grams) => expect(readGrams(text)).toEqual({ value: grams }))

  it.each([
    ['500', '请写单位'],
    ['0克', '1 克到 50 公斤'],
    ['50.001公斤', '1 克到 50 公斤'],
    ['0.3克', '不是整数克'],
    ['一点点', '看不懂'],
    ['-1斤', '看不懂'],
    ['1e3克', '看不懂'],
    ['', '看不懂'],
  ])('%s is none', (text, why) => {
    expect(readGrams(text)).toEqual({ fault: expect.stringContaining(why) as string })
  })

  it('is whole grams for every tenth of a 斤 and every hundredth of a kilogram', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (tenths) => {
        expect(readGrams(`${tenths / 10}斤`)).toEqual({ value: tenths * 50 })
        expect(readGrams(`${tenths / 100}公斤`)).toEqual({ value: tenths * 10 })
      }),
    )
  })
})

describe('a weight typed into the form', () => {
  it.each([
    ['500', 500],
    ['５００', 500],
    ['2斤', 1000],
    ['1.5 公斤', 1500],
    ['350克', 350],
  ])('%s is %i g', (text, grams) => expect(readGramsTyped(text)).toEqual({ value: grams }))

  it.each(['', '0', '1.5', '60000', '两筐', '-2斤'])('%j is none', (text) => {
    expect(readGramsTyped(text)).toHaveProperty('fault')
  })

  it('comes back as it is shown, for every weight that a portion may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), (grams) => {
        expect(readGramsTyped(gramsText(grams))).toEqual({ value: grams })
        expect(readSaleUnit(gramsText(grams))).toEqual({ value: { by: 'weight', portionGrams: grams } })
      }),
    )
  })
})

describe('what one portion is', () => {
  it.each([
    ['500克', weight(500)],
    ['500克/份', weight(500)],
    ['2斤装', weight(1000)],
    ['每份2斤', undefined],
    ['个', piece('个')],
    ['1个', piece('个')],
    ['一箱', piece('箱')],
    ['6个', piece('6个')],
    ['30枚', piece('30枚')],
    ['棵（约 5 斤）', piece('棵（约 5 斤）')],
  ])('%s', (text, unit) => {
    const read = readSaleUnit(text)
    if (unit === undefined) expect(read).toHaveProperty('fault')
    else expect(read).toEqual({ value: unit })
  })

  it.each([
    ['', '请写一份是多少'],
    ['500', '请写单位'],
    ['5斤/箱', '看不懂'],
    ['2斤3两', '看不懂'],
    ['特别特别特别大的一筐子菜', '最多 10 个字'],
  ])('%s is not understood', (text, why) => {
    expect(readSaleUnit(text)).toEqual({ fault: expect.stringContaining(why) as string })
  })
})

describe('a price as people write it', () => {
  it.each<[Cell, number]>([
    ['3.2', 320],
    [3.2, 320],
    [3, 300],
    ['¥3.20', 320],
    ['￥ 3.20', 320],
    ['３．２０元', 320],
    ['3块', 300],
    ['3.20元/份', 320],
    ['1,280.00', 128_000],
    ['3.200', 320],
    ['3。5', 350],
    ['0.01', 1],
  ])('%s is %i fen', (cell, fen) => expect(readPriceFen(cell, weight(500))).toEqual({ value: fen }))

  it.each<[Cell, string]>([
    ['', '请写价格'],
    ['0', '大于 0'],
    ['3.205', '两位小数'],
    [0.333, '两位小数'],
    ['三块五', '看不懂'],
    ['-3', '看不懂'],
    ['3~5', '看不懂'],
    ['99999999', '太大'],
  ])('%s is none', (cell, why) => {
    expect(readPriceFen(cell, weight(500))).toEqual({ fault: expect.stringContaining(why) as string })
  })

  it('of a measure is taken for the portion of that measure only', () => {
    expect(readPriceFen('3.2元/斤', weight(500))).toEqual({ value: 320 })
    expect(readPriceFen('3.2/500克', weight(500))).toEqual({ value: 320 })
    expect(readPriceFen('5元/个', piece('个'))).toEqual({ value: 500 })
    expect(readPriceFen('3.2元/斤', weight(1000))).toEqual({ fault: '这里要写一份的价格，不是每斤的价格，请换算' })
    expect(readPriceFen('3.2元/公斤', weight(500))).toHaveProperty('fault')
    expect(readPriceFen('5元/箱', piece('个'))).toHaveProperty('fault')
    expect(readPriceFen('5元/斤', undefined)).toHaveProperty('fault')
  })
})

describe('plain text', () => {
  it.each<[Cell, string]>([
    ['  番　茄\u00a0', '番 茄'],
    ['（一级）', '（一级）'],
    ['Ａ１', 'A1'],
    [45.1, '45.1'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
  ])('%j is %j', (cell, text) => expect(plainText(cell)).toBe(text))
})

const head = ['品名', '一份', '价格']

describe('a sheet of listings', () => {
  it('keeps prose as it was written', () => {
    const [row] = readListingSheet([
      [...head, '说明'],
      ['２号 番茄', '1斤', 3, ' 露地，５—６月；\n大棚全年 '],
    ]).rows
    expect(row).toMatchObject({ name: '２号 番茄', note: '露地，５—６月；\n大棚全年' })
  })

  it('is read by its header, wherever it stands and whatever its columns are called', () => {
    const sheet = readListingSheet([
      ['朱庄村合作社商品表'],
      [],
      ['序号', '商品名称*', '规格', '单价（元）', '级别', '分类', '存放', '备注', '状态'],
      [1, '番茄', '1斤', 5.9, '一级', '茄果', '冷藏', '自然熟', '在售'],
      [null, null, '', undefined],
      [2, '西瓜', '个', '¥１２', '', '', '', '', '停售'],
    ])
    expect(sheet.faults).toEqual([])
    expect(sheet.ignored).toEqual(['序号'])
    expect(sheet.rows).toEqual([
      {
        ...{ row: 4, name: '番茄', saleUnit: weight(500), priceFen: 590, grade: '一级', category: 'solanaceous' },
        ...{ temperatureZone: 'chilled', note: '自然熟', state: 'active' },
      },
      { row: 6, name: '西瓜', saleUnit: piece('个'), priceFen: 1200, state: 'paused' },
    ])
    for (const row of sheet.rows) expect(importedListingSchema.safeParse(row).success).toBe(true)
  })

  it('tells all that is wrong at once, by row and column', () => {
    const sheet = readListingSheet([
      [...head, '类别', '等级', '说明', '商品编号'],
      ['', '1斤', 'abc'],
      ['番茄', '500', 3],
      ['土豆', '1斤', 3, '蔬菜', '好'.repeat(21), '好'.repeat(201), 'Ｘ#1'],
      ['好'.repeat(41), '1斤', 3],
    ])
    expect(sheet.faults).toEqual([
      { row: 2, field: '品名', text: '请写品名' },
      { row: 2, field: '价格', text: '看不懂这个价格，请写成 3.20 这样' },
      { row: 3, field: '一份', text: '请写单位，例如 500克、2斤、1.5公斤' },
      { row: 4, field: '等级', text: '太长了，最多 20 个字' },
      { row: 4, field: '类别', text: expect.stringMatching(/^没有“蔬菜”，可以写：叶菜、根茎、瓜类、/) as string },
      { row: 4, field: '说明', text: '太长了，最多 200 个字' },
      { row: 4, field: '商品编号', text: '编号不对，新商品请空着' },
      { row: 5, field: '品名', text: '太长了，最多 40 个字' },
    ])
    expect(sheet.rows).toEqual([])
  })

  it.each<[string, Cell[][], { row: number; field: string; text: string }]>([
    ['nothing', [], { row: 1, field: '品名', text: '没有找到表头：要有一行写着 品名、一份、价格' }],
    ['no header', [['番茄', '1斤', 3]], { row: 1, field: '品名', text: '没有找到表头：要有一行写着 品名、一份、价格' }],
    ['a header without a price', [['品名', '一份']], { row: 1, field: '价格', text: '缺少这一列' }],
    ['a column twice', [['品名', '一份', '价格', '单价']], { row: 1, field: '价格', text: '这一列出现了两次' }],
    ['a header and nothing else', [head, ['', '']], { row: 2, field: '品名', text: '表里还没有商品' }],
  ])('with %s is told so', (_what, cells, fault) => {
    expect(readListingSheet(cells)).toMatchObject({ rows: [], faults: [fault] })
  })

  it.each([
    ['20', 20],
    ['２０份/箱', 20],
    ['1', undefined],
    ['1001', undefined],
    ['两打', undefined],
  ])('%s portions a box', (text, boxPortions) => {
    const sheet = readListingSheet([
      [...head, '每箱份数'],
      ['番茄', '1斤', 3, text],
    ])
    if (boxPortions === undefined) expect(sheet.faults).toMatchObject([{ row: 2, field: '每箱份数' }])
    else expect(sheet.rows).toMatchObject([{ boxPortions }])
  })

  it.each<[string, string, boolean | undefined]>([
    ['2.5公斤', '是', true],
    ['2.5公斤', '否', false],
    ['个', '否', false],
    ['2.5公斤', '有时', undefined],
    ['个', '是', undefined],
  ])('a portion of %s, weighed %s', (portion, text, weighed) => {
    const sheet = readListingSheet([
      [...head, '称重'],
      ['冬瓜', portion, 3, text],
    ])
    if (weighed === undefined) expect(sheet.faults).toMatchObject([{ row: 2, field: '称重' }])
    else expect(sheet.rows).toMatchObject([{ weighed }])
  })

  it('reads where goods come from, and tells what is too long', () => {
    const facts = ['产地说明', '采收', '承诺达标合格证编号']
    const sheet = readListingSheet([
      [...head, ...facts],
      ['番茄', '1斤', 3, '村东大棚', '每天清晨', 370_000_001],
    ])
    expect(sheet.rows).toMatchObject([{ provenance: '村东大棚', harvest: '每天清晨', certificate: '370000001' }])
    const long = ['好'.repeat(121), '好'.repeat(41), '1'.repeat(61)]
    expect(
      readListingSheet([
        [...head, ...facts],
        ['番茄', '1斤', 3, ...long],
      ]).faults,
    ).toEqual([
      { row: 2, field: '产地', text: '太长了，最多 120 个字' },
      { row: 2, field: '采收时间', text: '太长了，最多 40 个字' },
      { row: 2, field: '合格证编号', text: '太长了，最多 60 个字' },
    ])
  })

  it('takes so many rows and no more', () => {
    const rows = (count: number) => [head, ...Array.from({ length: count }, (_, at) => [`菜${at}`, '1斤', 3])]
    expect(readListingSheet(rows(IMPORT_ROWS_MAX)).rows).toHaveLength(IMPORT_ROWS_MAX)
    expect(readListingSheet(rows(IMPORT_ROWS_MAX + 1))).toMatchObject({
      rows: [],
      faults: [{ row: IMPORT_ROWS_MAX + 2, text: '一次最多 500 行，请分成几个文件' }],
    })
  })

  it('whatever is in its cells, each row that is read is one that the contract takes', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('番茄', '1斤', '个', '3.2', '叶菜', '冷藏', '在售', '是', '', 'i-1', null, undefined),
    )
    const titles = [
      '品名',
      '一份',
      '价格',
      '等级',
      '类别',
      '存放',
      '说明',
      '英文名',
      '价格来源',
      '状态',
      '称重',
      '商品编号',
    ]
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 6 }), (cells) => {
        for (const row of readListingSheet([titles, ...cells]).rows) {
          expect(importedListingSchema.safeParse(row)).toMatchObject({ success: true })
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the kind of a product by its name', () => {
  it.each([
    ['西红柿', 'solanaceous', 'tomato'],
    ['西瓜', 'fruit', 'watermelon'],
    ['白萝卜', 'root', 'root'],
    ['杏鲍菇', 'mushroom', 'mushroom'],
    ['冬瓜', 'melon', 'melon'],
    ['小白菜', 'leaf', 'leaf'],
    ['土鸡蛋', 'other', 'leaf'],
  ])('%s', (name, category, picture) => expect(guessKind(name)).toEqual({ category, picture }))
})
