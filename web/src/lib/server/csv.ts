import { stringify } from 'csv-stringify/sync'
import { inertCell } from '#shared/kernel/csv-cell.ts'

/** A table as a file. The mark at the start tells spreadsheets that it is UTF-8; names in it are never run as formulas. */
export function csvFile(rows: readonly (readonly string[])[], name: string): Response {
  const text = stringify(
    rows.map((row) => [...row]),
    { bom: true, cast: { string: inertCell } },
  )
  return new Response(text, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}
