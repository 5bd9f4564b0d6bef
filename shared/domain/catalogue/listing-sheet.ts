import {
  BOX_PORTIONS_MAX,
  categories,
  FOOD_FACT_MAX,
  IMPORT_ROWS_MAX,
  type ImportedListing,
  listingStates,
} from '#shared/contracts/catalogue.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { type Cell, plainText, type Read, readPriceFen, readSaleUnit, textOf } from './read-cell.ts'

type Text = { readonly kind: 'text'; readonly max: number }
type Choice = { readonly kind: 'choice'; readonly values: Readonly<Record<string, string>> }
type Column = {
  readonly title: string
  /** Other names under which co-ops keep it. */
  readonly also: readonly string[]
  readonly read: Text | Choice | { readonly kind: 'name' | 'unit' | 'price' | 'weighed' | 'box' | 'id' }
}

export const categoryNames: Readonly<Record<(typeof categories)[number], string>> = {
  leaf: '叶菜',
  root: '根茎',
  melon: '瓜类',
  solanaceous: '茄果',
  bean: '豆类',
  mushroom: '菌菇',
  allium: '葱蒜',
  herb: '香草',
  fruit: '水果',
  other: '其他',
}
export const zoneNames = { ambient: '常温', chilled: '冷藏', frozen: '冷冻' } as const
export const stateNames: Readonly<Record<(typeof listingStates)[number], string>> = { active: '在售', paused: '暂停' }

/** What a choice may be called, by its name. */
function named(names: Readonly<Record<string, string>>, also: Readonly<Record<string, string>> = {}): Choice {
  return {
    kind: 'choice',
    values: { ...Object.fromEntries(Object.entries(names).map(([key, name]) => [name, key])), ...also },
  }
}

/** The columns of a listing sheet, in the order of the template. */
export const sheetColumns = {
  name: { title: '品名', also: ['名称', '商品', '商品名', '商品名称', '菜名'], read: { kind: 'name' } },
  saleUnit: { title: '一份', also: ['规格', '每份', '一份是多少', '份量', '单位'], read: { kind: 'unit' } },
  priceFen: { title: '价格', also: ['单价', '价钱', '售价', '一份的价格', '每份价格'], read: { kind: 'price' } },
  grade: { title: '等级', also: ['级别', '品级'], read: { kind: 'text', max: 20 } },
  category: {
    title: '类别',
    also: ['分类', '种类', '品类'],
    read: named(categoryNames, {
      叶菜类: 'leaf',
      根茎类: 'root',
      瓜: 'melon',
      茄果类: 'solanaceous',
      豆: 'bean',
      菌菇类: 'mushroom',
      葱蒜类: 'allium',
      水果类: 'fruit',
    }),
  },
  temperatureZone: { title: '存放', also: ['储存', '温区', '保存'], read: named(zoneNames) },
  weighed: { title: '称重', also: ['每份称重', '单独称重', '多不补少退'], read: { kind: 'weighed' } },
  boxPortions: { title: '每箱份数', also: ['一箱几份', '装箱', '箱规'], read: { kind: 'box' } },
  note: { title: '说明', also: ['备注', '介绍'], read: { kind: 'text', max: 200 } },
  provenance: { title: '产地', also: ['产地说明', '来源地'], read: { kind: 'text', max: FOOD_FACT_MAX.provenance } },
  harvest: {
    title: '采收时间',
    also: ['采收', '采摘时间', '采收季节'],
    read: { kind: 'text', max: FOOD_FACT_MAX.harvest },
  },
  certificate: {
    title: '合格证编号',
    also: ['合格证', '承诺达标合格证', '承诺达标合格证编号'],
    read: { kind: 'text', max: FOOD_FACT_MAX.certificate },
  },
  nameEn: { title: '英文名', also: ['英文'], read: { kind: 'text', max: 60 } },
  priceSource: { title: '价格来源', also: [], read: { kind: 'text', max: 60 } },
  state: {
    title: '状态',
    also: ['是否在售'],
    read: named(stateNames, {
      已暂停: 'paused',
      停售: 'paused',
      下架: 'paused',
      上架: 'active',
      是: 'active',
      否: 'paused',
    }),
  },
  listingId: { title: '商品编号', also: ['编号'], read: { kind: 'id' } },
} as const satisfies Readonly<Record<string, Column>>

export type SheetColumn = keyof typeof sheetColumns
const columnKeys = Object.keys(sheetColumns) as SheetColumn[]
const needed: readonly SheetColumn[] = ['name', 'saleUnit', 'priceFen']

/** Something wrong in the sheet: which row, counted as spreadsheets do from one, and which column by its title. */
export type SheetFault = { readonly row: number; readonly field: string; readonly text: string }

export type ListingSheet = {
  readonly rows: readonly ImportedListing[]
  readonly faults: readonly SheetFault[]
  /** Titles that mean nothing to us; their cells were left aside. */
  readonly ignored: readonly string[]
}

const HEADER_WITHIN_ROWS = 10
const NAME_MAX = 40
const FAULTS_MAX = 200

/** Reads a co-op's sheet of listings. All that is wrong is told at once, by row and column. */
export function readListingSheet(cells: readonly (readonly Cell[])[]): ListingSheet {
  const at = cells.slice(0, HEADER_WITHIN_ROWS).findIndex((row) => columnsOf(row).found.has('name'))
  const header = cells[at]
  if (header === undefined) return onlyFault(1, '品名', '没有找到表头：要有一行写着 品名、一份、价格')
  const { found, twice, ignored } = columnsOf(header)
  const missing = needed.filter((key) => !found.has(key))
  const faults: SheetFault[] = [
    ...twice.map((title) => ({ row: at + 1, field: title, text: '这一列出现了两次' })),
    ...missing.map((key) => ({ row: at + 1, field: sheetColumns[key].title, text: '缺少这一列' })),
  ]
  if (faults.length > 0) return { rows: [], faults, ignored }
  const filled = cells
    .map((row, index) => ({ row: index + 1, read: (key: SheetColumn) => row[found.get(key) ?? -1] }))
    .slice(at + 1)
    .filter(({ read }) => columnKeys.some((key) => plainText(read(key)) !== ''))
  if (filled.length === 0) return onlyFault(at + 2, '品名', '表里还没有商品')
  if (filled.length > IMPORT_ROWS_MAX) {
    return onlyFault(filled[IMPORT_ROWS_MAX]?.row ?? 0, '行数', `一次最多 ${IMPORT_ROWS_MAX} 行，请分成几个文件`)
  }
  const rows: ImportedListing[] = []
  for (const each of filled) {
    const row = readRow(each.row, each.read)
    if ('faults' in row) faults.push(...row.faults)
    else rows.push(row)
  }
  return { rows, faults: faults.slice(0, FAULTS_MAX), ignored }
}

function onlyFault(row: number, field: string, text: string): ListingSheet {
  return { rows: [], faults: [{ row, field, text }], ignored: [] }
}

/** `价格（元）*` and `价格` are one title. */
function plainTitle(cell: Cell): string {
  return plainText(cell)
    .replace(/[（(【[].*$/, '')
    .replace(/[\s*＊：:]/g, '')
}

function columnsOf(header: readonly Cell[]) {
  const found = new Map<SheetColumn, number>()
  const twice: string[] = []
  const ignored: string[] = []
  for (const [at, cell] of header.entries()) {
    const title = plainTitle(cell)
    if (title === '') continue
    const key = columnKeys.find((each) => sheetColumns[each].title === title || isAlso(each, title))
    if (key === undefined) ignored.push(title)
    else if (found.has(key)) twice.push(sheetColumns[key].title)
    else found.set(key, at)
  }
  return { found, twice, ignored }
}

function isAlso(key: SheetColumn, title: string): boolean {
  const { also }: Column = sheetColumns[key]
  return also.includes(title)
}

type Values = { -readonly [Key in SheetColumn]?: ImportedListing[Key] }

function readRow(row: number, read: (key: SheetColumn) => Cell): ImportedListing | { faults: SheetFault[] } {
  const faults: SheetFault[] = []
  const values: Record<string, unknown> = {}
  for (const key of columnKeys) {
    const cell = read(key)
    // An empty cell says nothing: what is there stays, what is new gets the usual.
    if (plainText(cell) === '' && !needed.includes(key)) continue
    const value = readColumn(key, cell, values as Values)
    if ('fault' in value) faults.push({ row, field: sheetColumns[key].title, text: value.fault })
    else values[key] = value.value
  }
  if (faults.length > 0) return { faults }
  return { row, ...(values as Omit<ImportedListing, 'row'>) }
}

function readColumn(key: SheetColumn, cell: Cell, before: Values): Read<unknown> {
  const { read }: Column = sheetColumns[key]
  const text = plainText(cell)
  switch (read.kind) {
    case 'name':
      if (text === '') return { fault: '请写品名' }
      return tooLong(textOf(cell), NAME_MAX) ?? { value: textOf(cell) }
    case 'text':
      return tooLong(textOf(cell), read.max) ?? { value: textOf(cell) }
    case 'unit':
      return readSaleUnit(cell)
    case 'price':
      return readPriceFen(cell, before.saleUnit)
    case 'weighed': {
      if (text === '否') return { value: false }
      if (text !== '是') return { fault: `没有“${text}”，可以写：是、否` }
      return before.saleUnit?.by === 'piece' ? { fault: '按件卖的不称重，请写 否 或者空着' } : { value: true }
    }
    case 'box': {
      const [, digits = ''] = /^(\d{1,5})\s?份?(?:\s?\/\s?箱)?$/.exec(text) ?? []
      const count = Number(digits)
      if (count >= 2 && count <= BOX_PORTIONS_MAX) return { value: count }
      return { fault: `请写一箱装几份，2 到 ${BOX_PORTIONS_MAX} 的整数` }
    }
    case 'id':
      return idSchema.safeParse(text).success ? { value: text } : { fault: '编号不对，新商品请空着' }
    case 'choice': {
      const value = read.values[text]
      return value === undefined ? { fault: `没有“${text}”，可以写：${choicesOf(read)}` } : { value }
    }
  }
}

/** Each value once, by its first name. */
function choicesOf({ values }: Choice): string {
  const first = new Map<string, string>()
  for (const [name, key] of Object.entries(values)) if (!first.has(key)) first.set(key, name)
  return [...first.values()].join('、')
}

function tooLong(text: string, max: number): { fault: string } | undefined {
  return text.length > max ? { fault: `太长了，最多 ${max} 个字` } : undefined
}
