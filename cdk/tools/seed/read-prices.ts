import { fen, type Fen } from '#shared/kernel/money.ts'
import { readTable } from './read-table.ts'

/** One line of a market list. Prices are wholesale, in fen per the market's unit. */
export interface Quote {
  readonly line: number
  readonly name: string
  readonly nameHadByteOrderMark: boolean
  readonly lowFen: number
  readonly averageFen: number
  readonly highFen: number
  readonly spec: MarketSpec
  /** YYYY-MM-DD */
  readonly day: string
}

/** Market classes in the order they are preferred: common goods, hydroponic goods, special goods. */
export const marketSpecs = ['普通', '水菜', '特菜'] as const
export type MarketSpec = (typeof marketSpecs)[number]

export const flaws = ['average-zero', 'average-outside', 'low-above-high', 'no-price'] as const
export type Flaw = (typeof flaws)[number]

/** The words people read beside a repaired price. */
export const flawWords: Readonly<Record<Flaw, string>> = {
  'average-zero': '均价为 0，取最低价与最高价的中间值',
  'average-outside': '均价不在最低价与最高价之间，取中间值',
  'low-above-high': '最低价高于最高价，对调后取中间值',
  'no-price': '最低价或最高价为 0，无法定价',
}

export interface ChosenPrice {
  readonly name: string
  readonly spec: MarketSpec
  /** Other classes quoted under the same name and not used. */
  readonly otherSpecs: readonly MarketSpec[]
  readonly day: string
  /** Wholesale in half fen: the midpoint of two fen may lie between two fen, and rounding comes once, at the end. */
  readonly wholesaleHalfFen: number
  /** Retail, fen per the market's unit, a multiple of 10. */
  readonly retailFen: Fen
  /** Present when no day of the chosen class had a sound average. */
  readonly repaired?: Flaw
}

const LIST_COLUMNS = ['name', 'low', 'average', 'high', 'spec', 'unit', 'date'] as const

/** "1.65" → 165, digit by digit: no float ever holds the price. Throws for anything but yuan with two decimals. */
export function parseYuan(text: string): number {
  const digits = /^(\d{1,6})\.(\d{2})$/.exec(text)
  if (digits === null) throw new Error(`not a price in yuan with two decimals: ${JSON.stringify(text)}`)
  return Number(digits[1]) * 100 + Number(digits[2])
}

const BYTE_ORDER_MARK = /\uFEFF/g

function isCalendarDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const instant = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day)
}

/** Reads one market list; throws with the line for a row that cannot be read at all. */
export function readQuotes(csv: string): Quote[] {
  return readTable(csv, LIST_COLUMNS).map(({ line, fields }) => {
    const name = fields.name.replace(BYTE_ORDER_MARK, '').trim()
    const spec = marketSpecs.find((known) => known === fields.spec)
    if (name === '') throw new Error(`price line ${line}: no name`)
    if (spec === undefined) throw new Error(`price line ${line}: unknown market class ${fields.spec}`)
    if (fields.unit !== '斤') throw new Error(`price line ${line}: unknown unit ${fields.unit}`)
    if (!isCalendarDay(fields.date)) throw new Error(`price line ${line}: no such day ${fields.date}`)
    return {
      line,
      name,
      nameHadByteOrderMark: fields.name.includes('\uFEFF'),
      lowFen: parseYuan(fields.low),
      averageFen: parseYuan(fields.average),
      highFen: parseYuan(fields.high),
      spec,
      day: fields.date,
    }
  })
}

/** What is wrong with a quote; undefined when 0 < low ≤ average ≤ high. */
export function flawOf(quote: Pick<Quote, 'lowFen' | 'averageFen' | 'highFen'>): Flaw | undefined {
  const { lowFen, averageFen, highFen } = quote
  if (lowFen <= 0 || highFen <= 0) return 'no-price'
  if (lowFen > highFen) return 'low-above-high'
  if (averageFen === 0) return 'average-zero'
  return averageFen < lowFen || averageFen > highFen ? 'average-outside' : undefined
}

/** The middle of low and high in half fen; which of the two is larger makes no difference to their sum. */
export function midpointHalfFen(quote: Pick<Quote, 'lowFen' | 'highFen'>): number {
  return quote.lowFen + quote.highFen
}

/** × 1.30, rounded half-up to 10 fen, in integers: half fen × 13 / 200 is the price in units of 10 fen. */
export function retailFenOf(wholesaleHalfFen: number): Fen {
  if (!Number.isSafeInteger(wholesaleHalfFen) || wholesaleHalfFen <= 0) {
    throw new RangeError(`a wholesale price is a positive integer of half fen, not ${wholesaleHalfFen}`)
  }
  const numerator = wholesaleHalfFen * 13 + 100
  return fen(((numerator - (numerator % 200)) / 200) * 10)
}

function latest(quotes: readonly Quote[]): Quote | undefined {
  return quotes.reduce<Quote | undefined>((best, quote) => (best && best.day >= quote.day ? best : quote), undefined)
}

/** One price for one name, or undefined when no row of its preferred class can carry one. */
export function choosePrice(quotesOfName: readonly Quote[]): ChosenPrice | undefined {
  const quotedSpecs = marketSpecs.filter((spec) => quotesOfName.some((quote) => quote.spec === spec))
  const [spec, ...otherSpecs] = quotedSpecs
  if (spec === undefined) return undefined
  const ofSpec = quotesOfName.filter((quote) => quote.spec === spec)
  const sound = latest(ofSpec.filter((quote) => flawOf(quote) === undefined))
  const chosen = sound ?? latest(ofSpec.filter((quote) => flawOf(quote) !== 'no-price'))
  if (chosen === undefined) return undefined
  const flaw = flawOf(chosen)
  const wholesaleHalfFen = flaw === undefined ? chosen.averageFen * 2 : midpointHalfFen(chosen)
  return {
    name: chosen.name,
    spec,
    otherSpecs,
    day: chosen.day,
    wholesaleHalfFen,
    retailFen: retailFenOf(wholesaleHalfFen),
    ...(flaw === undefined ? {} : { repaired: flaw }),
  }
}

/** One price per name, in the order of first appearance. A name without any usable row is left out: see the report. */
export function choosePrices(quotes: readonly Quote[]): ReadonlyMap<string, ChosenPrice> {
  const names = Map.groupBy(quotes, (quote) => quote.name)
  const prices = new Map<string, ChosenPrice>()
  for (const [name, quotesOfName] of names) {
    const price = choosePrice(quotesOfName)
    if (price !== undefined) prices.set(name, price)
  }
  return prices
}
