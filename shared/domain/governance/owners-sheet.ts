import { ownersChoices, type OwnersChoice, type OwnersRow } from '#shared/contracts/governance-owners.ts'
import { countOwners, type OwnersCount } from './owners-count.ts'
import type { OwnersFault, OwnersField } from './owners-faults.ts'

/** A cell as a sheet or a CSV file has it. */
type Cell = string | number | boolean | null | undefined

/** Columns of a list, as its header calls them; in whatever order. The first name is the template's. */
const columns: Readonly<Record<OwnersField, readonly string[]>> = {
  unit: ['房号', '室号', '房屋', '单元房号', 'unit'],
  areaCm: ['面积', '专有部分面积', '登记面积', '建筑面积', '产权面积', 'area'],
  owner: ['业主编号', '业主代码', '编号', 'owner'],
  choice: ['意见', '表决意见', '表决', 'choice'],
}
const fields = Object.keys(columns) as OwnersField[]

export const ownersHeader = ['房号', '面积（㎡）', '业主编号', '意见'] as const

export const choiceNames: Readonly<Record<OwnersChoice, string>> = {
  yes: '同意',
  no: '反对',
  abstain: '弃权',
  none: '未投',
}
const choiceOf = new Map<string, OwnersChoice>([
  ...ownersChoices.flatMap((choice): [string, OwnersChoice][] => [
    [choiceNames[choice], choice],
    [choice, choice],
  ]),
  ...([
    ['赞成', 'yes'],
    ['不同意', 'no'],
    ['未投票', 'none'],
    ['未参加', 'none'],
  ] as const),
])

const HEADER_WITHIN = 10

export type OwnersSheet = OwnersCount & {
  readonly rows: readonly OwnersRow[]
  /** The line of the sheet that each row stands in, counted from 1. */
  readonly lines: readonly number[]
}

/** A list as a sheet has it, and what it comes to. What cannot be read is said by row and column, and nothing is counted. */
export function readOwnersSheet(item: number, cells: readonly (readonly Cell[])[]): OwnersSheet {
  const head = cells.slice(0, HEADER_WITHIN).findIndex((row) => placesOf(row).size >= 2)
  const places = placesOf(cells[head] ?? [])
  const missing = fields.find((field) => !places.has(field))
  if (missing !== undefined) return { rows: [], lines: [], faults: [{ kind: 'no-column', field: missing }] }
  // Two areas, or two choices: which of them is meant is nobody's to guess.
  const twice = fields.find((field) => (cells[head] ?? []).filter((cell) => isTitle(cell, field)).length > 1)
  if (twice !== undefined) return { rows: [], lines: [], faults: [{ kind: 'two-columns', field: twice }] }
  const rows: OwnersRow[] = []
  const lines: number[] = []
  const unread: OwnersFault[] = []
  for (const [at, line] of cells.entries()) {
    if (at <= head || line.every((cell) => plain(cell) === '')) continue
    const cell = (field: OwnersField) => plain(line[places.get(field) ?? -1])
    const row = rows.length
    const choice = choiceOf.get(cell('choice').toLowerCase())
    if (choice === undefined)
      unread.push({ kind: cell('choice') === '' ? 'missing' : 'not-a-choice', row, field: 'choice' })
    if (BECAME_A_DAY.test(cell('unit'))) unread.push({ kind: 'became-a-day', row, field: 'unit' })
    rows.push({ unit: cell('unit'), areaCm: areaOf(cell('areaCm')), owner: cell('owner'), choice: choice ?? 'none' })
    lines.push(at + 1)
  }
  const counted = countOwners(item, rows)
  if (unread.length === 0) return { ...counted, rows, lines }
  // Where a choice is missing, whether two of them agree is said once it is there.
  const others = counted.faults.filter(({ kind }) => !['twice', 'two-choices', 'owner-divided'].includes(kind))
  const faults = [...unread, ...others].toSorted((left, right) => (left.row ?? -1) - (right.row ?? -1))
  return { faults, rows, lines }
}

/** The same list as a sheet again. */
export function ownersTable(rows: readonly OwnersRow[]): string[][] {
  const squareMetres = (areaCm: number) => `${Math.floor(areaCm / 100)}.${String(areaCm % 100).padStart(2, '0')}`
  return [
    [...ownersHeader],
    ...rows.map(({ unit, areaCm, owner, choice }) => [unit, squareMetres(areaCm), owner, choiceNames[choice]]),
  ]
}

const plain = (cell: Cell) =>
  String(cell ?? '')
    .normalize('NFKC')
    .trim()

/** 1-1 typed into a sheet is the first of January there. */
const BECAME_A_DAY = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}$|^\d{1,2}月\d{1,2}日$/

function placesOf(row: readonly Cell[]): Map<OwnersField, number> {
  const places = new Map<OwnersField, number>()
  for (const field of fields) {
    const at = row.findIndex((cell) => isTitle(cell, field))
    if (at !== -1) places.set(field, at)
  }
  return places
}

/** What stands in brackets behind a title, or a mark that it is asked for, is no part of it. */
function isTitle(cell: Cell, field: OwnersField): boolean {
  const [title = ''] = plain(cell).toLowerCase().split(/[(*]/)
  return columns[field].includes(title.trim())
}

/** Square metres with two decimals at most, as whole 0.01 m²; 0 is no area, and is refused as one. */
function areaOf(text: string): number {
  const bare = text.replace(/\s?(m2|平方米|平米)$/, '').replace(/(?<=\d),(?=\d{3}(\D|$))/g, '')
  const [, whole = '', decimals = ''] = /^(\d{1,6})(?:\.(\d{1,2})0*)?$/.exec(bare) ?? []
  return whole === '' ? 0 : Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
}
