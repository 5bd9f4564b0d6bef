import { yuan } from '#shared/kernel/money.ts'
import type { SheetCell } from './xlsx-file.ts'

function textOf(cell: SheetCell): string {
  if (cell === null || typeof cell === 'string') return cell ?? ''
  if ('yuan' in cell) return yuan(cell.yuan)
  if ('kilograms' in cell) return String(cell.kilograms / 1000)
  if ('count' in cell) return String(cell.count)
  return 'head' in cell ? cell.head : cell.strong
}

/** The cells of a sheet as texts. A table has as many cells in each row: some programs refuse it otherwise. */
export function plainRows(rows: readonly (readonly SheetCell[])[]): string[][] {
  const width = Math.max(0, ...rows.map((row) => row.length))
  return rows.map((row) => [...row.map(textOf), ...Array<string>(width - row.length).fill('')])
}
