// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- an ambient declaration cannot be imported
/// <reference path="./saxen.d.ts" />
import { strFromU8, unzipSync, type UnzipFileInfo } from 'fflate'
import { Parser } from 'saxen'
import type { Cell } from '#shared/domain/catalogue/read-cell.ts'

/**
 * The first sheet of an .xlsx file as rows of cells. Written for files that strangers send: what is unpacked has a limit
 * before it is unpacked, and a cell far out costs nothing (libraries that fill the rectangle up to it run out of memory).
 * Rows and columns beyond the limits are not read; that there are more rows shows in the length.
 */
const UNPACKED_BYTES_MAX = 24 * 1024 * 1024
export const ROWS_MAX = 1_000
const COLUMNS_MAX = 60

const WANTED = /^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml)$/

export class TooLarge extends Error {}

export function readXlsx(bytes: Uint8Array, rowsMax: number = ROWS_MAX): Cell[][] {
  const files = unpack(bytes)
  const part = (path: string) => {
    const file = files[path]
    return file === undefined ? '' : strFromU8(file)
  }
  const sheet = part(firstSheetPath(part('xl/workbook.xml'), part('xl/_rels/workbook.xml.rels')))
  if (sheet === '') throw new Error('no sheet')
  return readSheet(sheet, readStrings(part('xl/sharedStrings.xml')), dateStyles(part('xl/styles.xml')), rowsMax)
}

/** The sizes in the directory are checked first, and what unpacks to another size than it says fails. */
function unpack(bytes: Uint8Array): Record<string, Uint8Array> {
  let total = 0
  const filter = ({ name, originalSize }: UnzipFileInfo) => {
    if (!WANTED.test(name)) return false
    total += originalSize
    if (total > UNPACKED_BYTES_MAX) throw new TooLarge('too large when unpacked')
    return true
  }
  return unzipSync(bytes, { filter })
}

type Handlers = {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

/** Names without their prefix: some programs write `x:row`. */
function walk(xml: string, { open, close, text }: Handlers): void {
  const plain = (name: string) => name.slice(name.indexOf(':') + 1)
  let broken: Error | undefined
  new Parser()
    .on('openTag', (name, attributes, decode) => {
      const decoded = () =>
        Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [plain(key), decode(value)]))
      open?.(plain(name), decoded())
    })
    .on('closeTag', (name) => close?.(plain(name)))
    .on('text', (value, decode) => text?.(decode(value)))
    .on('cdata', (value) => text?.(value))
    .on('error', (error) => (broken = error))
    .parse(xml)
  if (broken !== undefined) throw broken
}

function firstSheetPath(workbook: string, relations: string): string {
  let id: string | undefined
  walk(workbook, {
    open: (name, { id: relation }) => {
      if (name === 'sheet') id ??= relation
    },
  })
  let target: string | undefined
  walk(relations, {
    open: (name, { Id, Target }) => {
      if (name === 'Relationship' && Id === id) target = Target
    },
  })
  if (target === undefined) throw new Error('no sheet')
  return target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
}

/** A text may stand in several pieces; the reading aids above it (`rPh`) are no part of it. */
function readStrings(xml: string): string[] {
  const strings: string[] = []
  let [current, inText, inAid] = ['', false, false]
  walk(xml, {
    open: (name) => {
      if (name === 'si') current = ''
      if (name === 't') inText = true
      if (name === 'rPh') inAid = true
    },
    text: (text) => {
      if (inText && !inAid) current += text
    },
    close: (name) => {
      if (name === 't') inText = false
      if (name === 'rPh') inAid = false
      if (name === 'si') strings.push(current)
    },
  })
  return strings
}

/** Built-in number formats that show a day, Chinese ones included. */
const isBuiltInDate = (id: number) =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)

/** Which cell styles show a number as a day. */
function dateStyles(xml: string): ReadonlySet<number> {
  const formats = new Set<number>()
  const styles = new Set<number>()
  let [inCells, at] = [false, 0]
  walk(xml, {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      const id = Number(numFmtId)
      if (name === 'numFmt' && /[ymd]/i.test(formatCode.replace(/\[[^\]]*\]|"[^"]*"|\\./g, ''))) formats.add(id)
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      if (isBuiltInDate(id) || formats.has(id)) styles.add(at)
      at += 1
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

function readSheet(xml: string, strings: readonly string[], dates: ReadonlySet<number>, rowsMax: number): Cell[][] {
  const rows: Cell[][] = []
  let [row, column, type, style, value, inValue] = [-1, -1, 'n', 0, '', false]
  walk(xml, {
    open: (name, { r, t = 'n', s = '0' }) => {
      if (name === 'row') [row, column] = [r === undefined ? row + 1 : Number(r) - 1, -1]
      if (name === 'c') {
        column = r === undefined ? column + 1 : columnOf(r)
        ;[type, style, value] = [t, Number(s), '']
      }
      if (name === 'v' || name === 't') inValue = true
    },
    text: (text) => {
      if (inValue) value += text
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false
      if (name !== 'c' || value === '' || !(row >= 0 && column >= 0 && column < COLUMNS_MAX)) return
      // One row more than is read tells that there are more.
      const to = Math.min(row, rowsMax)
      while (rows.length <= to) rows.push([])
      const cells = rows[to] ?? []
      while (cells.length <= column) cells.push(null)
      cells[column] = cellOf(type, value, strings, dates.has(style))
    },
  })
  return rows
}

/** `C12` is the third column, at 2. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0] ?? ''
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function cellOf(type: string, value: string, strings: readonly string[], isDate: boolean): Cell {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? null
    case 'n': {
      const number = Number(value)
      // 1.1 times 3 is stored as 3.3000000000000003; what a person sees is 3.3.
      return isDate && Number.isFinite(number) ? dayOf(number) : Number(number.toFixed(6))
    }
    case 'b':
      return value === '1'
    default:
      return value
  }
}

/** Days since the last of 1899, which spreadsheets count from. */
function dayOf(serial: number): string | number {
  const ms = Math.round((serial - 25_569) * 86_400_000)
  return Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : serial
}
