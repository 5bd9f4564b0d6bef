import writeXlsxFile, { type Sheet, type SheetData } from 'write-excel-file/node'

/** Text, or a number that stays one: money in fen and weights in grams are shown in yuan and kilograms. */
export type SheetCell =
  | string
  | { readonly yuan: number }
  | { readonly kilograms: number }
  | { readonly count: number }
  | { readonly head: string }
  | { readonly strong: string }
  | null

export type SheetMade = {
  readonly name: string
  readonly rows: readonly (readonly SheetCell[])[]
  /** Widths in characters. */
  readonly widths: readonly number[]
  /** How many rows at the top stay in sight. */
  readonly sticky?: number
}

// XML knows no control characters; a name with one would break the whole file.
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu

/** Texts are stored as texts: what looks like a formula is never one. */
function cellOf(cell: SheetCell): SheetData[number][number] {
  const wrap = true as const
  if (cell === null || cell === '') return null
  if (typeof cell === 'string') return { value: cell.replace(UNPRINTABLE, ''), type: String, wrap }
  if ('yuan' in cell) return { value: cell.yuan / 100, type: Number, format: '#,##0.00' }
  if ('kilograms' in cell) return { value: cell.kilograms / 1000, type: Number, format: '#,##0.###' }
  if ('count' in cell) return { value: cell.count, type: Number, format: '#,##0' }
  if ('head' in cell) return { value: cell.head, type: String, fontWeight: 'bold', backgroundColor: '#E3EFDD', wrap }
  return { value: cell.strong.replace(UNPRINTABLE, ''), type: String, fontWeight: 'bold' }
}

export async function xlsxBytes(sheets: readonly SheetMade[]): Promise<Uint8Array<ArrayBuffer>> {
  const made: Sheet<never>[] = sheets.map(({ name, rows, widths, sticky }) => ({
    data: rows.map((row) => row.map(cellOf)),
    sheet: sheetName(name),
    columns: widths.map((width) => ({ width })),
    ...(sticky === undefined ? {} : { stickyRowsCount: sticky }),
  }))
  return new Uint8Array(await writeXlsxFile(made).toBuffer())
}

/** A sheet's name has at most 31 characters and none of these. */
function sheetName(name: string): string {
  return name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31)
}

export async function xlsxFile(sheets: readonly SheetMade[], name: string): Promise<Response> {
  return new Response(await xlsxBytes(sheets), {
    headers: {
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-disposition': `attachment; filename="${name}.xlsx"`,
      'cache-control': 'private, no-store',
    },
  })
}
