import { categories, type Category } from '#shared/contracts/matters.ts'
import { type Cell, plainText, textOf } from '#shared/domain/catalogue/read-cell.ts'
import { matterWords } from '../text/matters.ts'
import { readMoment } from './sheets/read-moment.ts'

/** Columns of a list of the hotline's tickets, as its header calls them; in whatever order. */
const columns = {
  ticketNumber: ['工单编号', '工单号', '编号'],
  compoundName: ['小区', '小区名称'],
  receivedAt: ['受理时间', '来电时间', '时间'],
  category: ['类别', '分类'],
  where: ['地点', '地址'],
  text: ['内容', '诉求内容', '主要内容'],
} as const
type Column = keyof typeof columns

export const hotlineHeader = Object.values(columns).map(([title]) => title)

export type Compound = { readonly compoundId: string; readonly name: string }
export type HotlineFault = { readonly row: number; readonly column: string; readonly text: string }
export type HotlineRead = {
  /** Each with the row of the sheet that it stands in. */
  readonly rows: readonly { readonly row: number; readonly sent: object }[]
  readonly faults: readonly HotlineFault[]
}

const HEADER_WITHIN = 10

/** The tickets of a sheet: what cannot be read is said with its row and column, the rest can be sent. */
export function readHotlineSheet(cells: readonly (readonly Cell[])[], compounds: readonly Compound[]): HotlineRead {
  const head = cells.slice(0, HEADER_WITHIN).findIndex((row) => placesOf(row).size >= 3)
  const places = placesOf(cells[head] ?? [])
  const missing = (Object.keys(columns) as Column[]).filter((column) => !places.has(column))
  if (head === -1 || missing.length > 0) {
    const [first = 'ticketNumber'] = head === -1 ? [] : missing
    return { rows: [], faults: [{ row: head + 1, column: columns[first][0], text: '表头里没有这一列' }] }
  }
  const rows: { row: number; sent: object }[] = []
  const faults: HotlineFault[] = []
  for (const [at, row] of cells.entries()) {
    if (at <= head || row.every((cell) => textOf(cell) === '')) continue
    const cell = (column: Column) => row[places.get(column) ?? -1]
    const fault = (column: Column, text: string) => faults.push({ row: at + 1, column: columns[column][0], text })
    const compound = compounds.filter(({ name }) => plainText(name) === plainText(cell('compoundName')))
    const receivedAt = readMoment(cell('receivedAt'))?.at
    const category = categoryOf(cell('category'))
    if (compound.length !== 1) fault('compoundName', compound.length === 0 ? '本社区没有这个小区' : '有几个同名的小区')
    if (receivedAt === undefined) fault('receivedAt', '写成 2026-11-27 09:30')
    if (category === undefined) fault('category', `写其中一个：${categories.map(categoryName).join('、')}`)
    const [found] = compound
    if (found === undefined || compound.length !== 1 || receivedAt === undefined || category === undefined) continue
    const sent = {
      ...{ kind: 'ticket', ticketNumber: plainText(cell('ticketNumber')), compoundId: found.compoundId },
      ...{ receivedAt, category, where: textOf(cell('where')), text: textOf(cell('text')) },
    }
    rows.push({ row: at + 1, sent })
  }
  return { rows, faults }
}

/** The field of the API as its column is called here. */
export function columnOf(field: string): string {
  return field === 'compoundId' ? columns.compoundName[0] : (columns[field as Column]?.[0] ?? '')
}

function placesOf(row: readonly Cell[]): Map<Column, number> {
  const places = new Map<Column, number>()
  for (const [column, titles] of Object.entries(columns) as [Column, readonly string[]][]) {
    const at = row.findIndex((cell) => titles.includes(plainText(cell).replace(/[（(*].*$/, '')))
    if (at !== -1) places.set(column, at)
  }
  return places
}

function categoryName(category: Category): string {
  return matterWords[`cat_${category}`][0]
}

function categoryOf(cell: Cell): Category | undefined {
  const text = plainText(cell)
  return categories.find((category) => categoryName(category) === text)
}
