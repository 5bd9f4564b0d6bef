import { yuan } from '#shared/kernel/money.ts'
import { choosePrice, flawOf, midpointHalfFen, type Flaw, type Quote } from './read-prices.ts'

/** One dirty row: what the market wrote, what is wrong, what it was repaired to and whether a price rests on it. */
export interface PriceRepair {
  readonly list: string
  readonly line: number
  readonly name: string
  readonly spec: string
  readonly day: string
  readonly lowFen: number
  readonly averageFen: number
  readonly highFen: number
  readonly flaw: Flaw | 'byte-order-mark'
  /** The repaired wholesale price in half fen; undefined where nothing can be made of the row. */
  readonly repairedHalfFen: number | undefined
  /** `used` when the shop's price rests on this row, else the class and day that was used instead. */
  readonly outcome: string
}

function outcomeOf(quote: Quote, quotesOfName: readonly Quote[]): string {
  const chosen = choosePrice(quotesOfName)
  if (chosen === undefined) return 'no usable row'
  const used = chosen.day === quote.day && chosen.spec === quote.spec
  return used ? 'used' : `passed over for ${chosen.spec} ${chosen.day}`
}

/** Every dirty row of one market list, in the order of its lines. */
export function reportRepairs(list: string, quotes: readonly Quote[]): PriceRepair[] {
  const names = Map.groupBy(quotes, (quote) => quote.name)
  return quotes.flatMap((quote) => {
    const flaw = flawOf(quote)
    const marks = [...(quote.nameHadByteOrderMark ? ['byte-order-mark' as const] : []), ...(flaw ? [flaw] : [])]
    return marks.map((mark) => ({
      list,
      line: quote.line,
      name: quote.name,
      spec: quote.spec,
      day: quote.day,
      lowFen: quote.lowFen,
      averageFen: quote.averageFen,
      highFen: quote.highFen,
      flaw: mark,
      repairedHalfFen: repairedHalfFen(quote, mark),
      outcome: outcomeOf(quote, names.get(quote.name) ?? []),
    }))
  })
}

function repairedHalfFen(quote: Quote, mark: PriceRepair['flaw']): number | undefined {
  if (mark === 'no-price') return undefined
  return mark === 'byte-order-mark' ? quote.averageFen * 2 : midpointHalfFen(quote)
}

const yuanOfHalfFen = (halfFen: number): string => yuan((halfFen - (halfFen % 2)) / 2) + (halfFen % 2 === 1 ? '5' : '')

/** The report as CSV for people, prices in yuan; no field holds a comma or a quote. */
export function repairsAsCsv(repairs: readonly PriceRepair[]): string {
  const heading = 'list,line,name,spec,day,low,average,high,flaw,repaired,outcome'
  const lines = repairs.map((repair) =>
    [
      repair.list,
      repair.line,
      repair.name,
      repair.spec,
      repair.day,
      yuan(repair.lowFen),
      yuan(repair.averageFen),
      yuan(repair.highFen),
      repair.flaw,
      repair.repairedHalfFen === undefined ? '' : yuanOfHalfFen(repair.repairedHalfFen),
      repair.outcome,
    ].join(),
  )
  return [heading, ...lines, ''].join('\n')
}
