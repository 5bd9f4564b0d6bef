import { parse } from 'csv-parse/sync'

export interface TableRow<Column extends string> {
  /** 1 is the heading, so the first row of data is on line 2. No field of these files spans lines. */
  readonly line: number
  readonly fields: Readonly<Record<Column, string>>
}

/** Reads a CSV whose heading must be exactly `columns`; throws for another heading or a row of another width. */
export function readTable<const Column extends string>(csv: string, columns: readonly Column[]): TableRow<Column>[] {
  const [heading, ...rows] = parse(csv, { bom: true })
  if (heading?.join() !== columns.join()) {
    throw new Error(`expected the heading ${columns.join()} and found ${heading?.join() ?? 'nothing'}`)
  }
  return rows.map((values, index) => {
    const pairs = columns.map((column, at) => [column, values[at] ?? ''] as const)
    return { line: index + 2, fields: Object.fromEntries(pairs) as Record<Column, string> }
  })
}
