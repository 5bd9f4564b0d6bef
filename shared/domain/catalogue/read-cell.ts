import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import { FEN_MAX } from '#shared/kernel/money.ts'

/** A cell of a spreadsheet or of a CSV file; a date comes as `2026-06-01`, a number without the dust of binary fractions. */
export type Cell = string | number | boolean | null | undefined

/** What a cell says, or a Chinese sentence that tells what is wrong with it. */
export type Read<Value> = { readonly value: Value } | { readonly fault: string }

const PIECE_LABEL_MAX = 10
const PORTION_GRAMS_MAX = 50_000

/** A text as it was written, without the space around it. */
export function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  return String(cell).trim()
}

const WIDE = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF0E\uFF0C\uFF0B\uFF0D\uFF0F\uFFE5]/g

/**
 * For what is not prose (amounts, measures, choices): full-width letters, digits and signs become plain ones, spaces single.
 * Brackets keep their width: in Chinese they are full-width on purpose.
 */
export function plainText(cell: Cell): string {
  return textOf(cell)
    .replace(WIDE, (wide) => wide.normalize('NFKC'))
    .replace(/[\s\u3000\u200B\uFEFF]+/g, ' ')
    .trim()
}

const GRAMS: Readonly<Record<string, number>> = {
  克: 1,
  g: 1,
  斤: 500,
  市斤: 500,
  两: 50,
  公斤: 1000,
  千克: 1000,
  kg: 1000,
}
const COUNTS: Readonly<Record<string, number>> = {
  ...{ 半: 0.5, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10 },
}
const WEIGHT = /^(\d+(?:\.\d+)?|[半一二两三四五六七八九十])\s?(市斤|公斤|千克|斤|两|克|kg|g)$/

/** A weight with its unit, in whole grams: `500克`, `2.5公斤`, `3 斤`, `半斤`, `1kg`. */
export function readGrams(cell: Cell): Read<number> {
  const text = plainText(cell).toLowerCase().replaceAll('，', '').replace(/,/g, '')
  if (/^\d+(\.\d+)?$/.test(text)) return { fault: '请写单位，例如 500克、2斤、1.5公斤' }
  const [, amount = '', unit = ''] = WEIGHT.exec(text) ?? []
  if (amount === '') return { fault: '看不懂这个重量，请写成 500克、2斤、1.5公斤 这样' }
  const grams = (COUNTS[amount] ?? Number(amount)) * (GRAMS[unit] ?? 0)
  const whole = Math.round(grams)
  // 0.1 of a kilogram is exact, a third of one is not: what is left of the binary fraction is dust, more is a fraction.
  if (Math.abs(grams - whole) > 1e-6) return { fault: '换算下来不是整数克，请改' }
  if (whole < 1 || whole > PORTION_GRAMS_MAX) return { fault: '一份要在 1 克到 50 公斤之间' }
  return { value: whole }
}

/** As in `readGrams`, for a form that says so: digits alone are grams. */
export function readGramsTyped(text: string): Read<number> {
  const plain = plainText(text)
  return readGrams(/^\d+$/.test(plain) ? `${plain}克` : plain)
}

const SIZED = /\d|[半一二两三四五六七八九十]\s?(市斤|公斤|千克|斤|克|kg|g)/

/** What one portion is: a weight (`500克`, `2斤/份`) or a piece (`个`, `1 箱`, `6个`). */
export function readSaleUnit(cell: Cell): Read<SaleUnit> {
  const text = plainText(cell)
    .replace(/^每/, '')
    .replace(/\s?\/\s?份$/, '')
    .replace(/(?<=[克斤两gG])(一份|每份|装)$/, '')
  if (text === '') return { fault: '请写一份是多少，例如 500克、2斤、个、箱' }
  const grams = readGrams(text)
  if ('value' in grams) return { value: { by: 'weight', portionGrams: grams.value } }
  const piece = text.replace(/^[1一]\s?(?=\D)/, '')
  const weighs = WEIGHT.test(text.toLowerCase()) || /^\d+(\.\d+)?$/.test(text)
  if (weighs) return grams
  if (piece.length > PIECE_LABEL_MAX) return { fault: `一份的单位最多 ${PIECE_LABEL_MAX} 个字` }
  if (/[/]/.test(piece) || (SIZED.test(piece) && !/^\d{1,3}\s?\p{Script=Han}+$/u.test(piece) && !/（约/.test(piece))) {
    return { fault: '看不懂一份是多少，请写成 500克、2斤、个、箱 这样' }
  }
  return { value: { by: 'piece', pieceLabel: piece } }
}

const PRICE = /^[¥￥]?\s?(\d{1,8})(?:\.(\d+))?\s?(?:元|块)?$/

/** The price of a portion: `3.2`, `¥3.20`, `３．２元`, `3.20元/份`. A price of another measure than the portion is refused. */
export function readPriceFen(cell: Cell, unit: SaleUnit | undefined): Read<number> {
  const text = plainText(cell)
    .replace(/(?<=\d)[,，](?=\d{3})/g, '')
    .replace('。', '.')
  if (text === '') return { fault: '请写价格，例如 3.20' }
  const [amount = '', per] = text.split(/\s?\/\s?|每/)
  if (per !== undefined && !isPortion(per, unit)) {
    return { fault: `这里要写一份的价格，不是每${per}的价格，请换算` }
  }
  const [, whole, decimals = ''] = PRICE.exec(amount.trim()) ?? []
  if (whole === undefined) return { fault: '看不懂这个价格，请写成 3.20 这样' }
  if (decimals.replace(/0+$/, '').length > 2) return { fault: '价格最多写到分（两位小数）' }
  const fen = Number(whole) * 100 + Number(decimals.slice(0, 2).padEnd(2, '0'))
  if (fen < 1) return { fault: '价格要大于 0' }
  return fen > FEN_MAX ? { fault: '价格太大了' } : { value: fen }
}

function isPortion(per: string, unit: SaleUnit | undefined): boolean {
  if (per === '份') return true
  if (unit === undefined) return false
  const named = readSaleUnit(/^(市斤|公斤|千克|斤|克|kg|g)$/i.test(per) ? `1${per}` : per)
  if (!('value' in named) || named.value.by !== unit.by) return false
  if (named.value.by === 'piece') return unit.by === 'piece' && named.value.pieceLabel === unit.pieceLabel
  return unit.by === 'weight' && named.value.portionGrams === unit.portionGrams
}
