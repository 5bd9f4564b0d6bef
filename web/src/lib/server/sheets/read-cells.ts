import { parse } from 'csv-parse/sync'
import type { Cell } from '#shared/domain/catalogue/read-cell.ts'
import { readXlsx, ROWS_MAX, TooLarge } from './read-xlsx.ts'

export const SHEET_BYTES_MAX = 1024 * 1024

export type CellsRead =
  { readonly cells: Cell[][] } | { readonly fault: 'empty' | 'too-large' | 'old-excel' | 'unreadable' }

/** A spreadsheet or CSV file, by what is in it and not by its name; one row more than `rowsMax` tells that there are more. */
export function readCells(bytes: Uint8Array, rowsMax: number = ROWS_MAX): CellsRead {
  if (bytes.length === 0) return { fault: 'empty' }
  if (bytes.length > SHEET_BYTES_MAX) return { fault: 'too-large' }
  // The old format, and the new one with a password, begin alike.
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) return { fault: 'old-excel' }
  try {
    return { cells: startsWith(bytes, [0x50, 0x4b]) ? readXlsx(bytes, rowsMax) : readCsv(textOf(bytes), rowsMax) }
  } catch (reason) {
    return { fault: reason instanceof TooLarge ? 'too-large' : 'unreadable' }
  }
}

/**
 * A sheet that is read whole or not at all: of a longer one the rest would be missing without a word, and of an .xlsx file all
 * that is beyond the limit is one row.
 */
export function readWhole(bytes: Uint8Array, rowsMax: number = ROWS_MAX): CellsRead {
  const read = readCells(bytes, rowsMax)
  return 'cells' in read && read.cells.length > rowsMax ? { fault: 'too-large' } : read
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}

/** By its mark; without one UTF-8 if it is that without a fault, else what Chinese Excel writes. */
function textOf(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes)
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  }
}

/** Empty lines count, so that a row has the number that a spreadsheet shows. */
function readCsv(text: string, rowsMax: number): Cell[][] {
  if (text.includes('\u0000')) throw new Error('not a text')
  return parse(text, {
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    to: rowsMax + 1,
    max_record_size: 64 * 1024,
  })
}

/** That of the line which holds the header, by which of them stands there most. */
function delimiterOf(text: string): string {
  const head =
    text.split(/\r?\n/, 10).find((line) => line.includes('品名') || line.includes('价')) ?? text.slice(0, 1000)
  const counts = [',', '\t', ';', '，'].map((each) => [each, head.split(each).length] as const)
  return counts.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ','
}
