import type { getFundInflow } from '#shared/contracts/fund-inflow.ts'
import type { Output } from '#shared/contracts/route.ts'

export type FundInflowShown = Output<typeof getFundInflow>
type Bar = FundInflowShown['bars'][number]

/** The address of the entries behind a figure. What is undefined is not asked for. */
export function entriesHref(base: string, filter: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value)
  return `${base}/entries?${query.toString()}`
}

/** The largest first; of those that brought the same, who brought more in the span before. */
export function byPosted<Row extends { readonly postedFen: number; readonly beforePostedFen?: number }>(
  rows: readonly Row[],
): Row[] {
  return [...rows].sort(
    (left, right) => right.postedFen - left.postedFen || (right.beforePostedFen ?? 0) - (left.beforePostedFen ?? 0),
  )
}

/** By how many percent one sum is more than another, rounded to whole ones; undefined where nothing was before. */
export function changePercent(fen: number, beforeFen: number): number | undefined {
  return beforeFen <= 0 ? undefined : Math.round(((fen - beforeFen) / beforeFen) * 100)
}

/** A bar's name under the chart: the day of a month, the first day of a week, the month of a year. */
export function barLabel({ fromDay }: Pick<Bar, 'fromDay'>, span: FundInflowShown['span']): string {
  const [month, day] = [Number(fromDay.slice(5, 7)), Number(fromDay.slice(8))]
  return span === 'year' ? String(month) : span === 'quarter' ? `${month}/${day}` : String(day)
}
