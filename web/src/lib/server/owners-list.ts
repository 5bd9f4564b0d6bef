import { stringify } from 'csv-stringify/sync'
import { OWNERS_UNITS_MAX, type OwnersRow, type OwnersVote } from '#shared/contracts/governance-owners.ts'
import type { OwnersFault } from '#shared/domain/governance/owners-faults.ts'
import { ownersHeader, ownersTable, readOwnersSheet } from '#shared/domain/governance/owners-sheet.ts'
import { ownersWords } from '../text/owners.ts'
import { say, type Lang } from '../text/lang.ts'
import { readWhole, SHEET_BYTES_MAX } from './sheets/read-cells.ts'
import type { SheetMade } from './sheets/xlsx-file.ts'

/** A title and some empty lines may stand above the list. */
const LINES_MAX = OWNERS_UNITS_MAX + 100
const FAULTS_SHOWN_MAX = 50

export type FaultShown = { readonly where: string; readonly text: string }
export type ListRead =
  | { readonly problem: string }
  | { readonly faults: readonly FaultShown[]; readonly count: number }
  /** `list`: what was read, as the form that records it carries it. */
  | { readonly vote: OwnersVote; readonly units: number; readonly list: string }

/** A list from its file, or as it was pasted: its figures, or what is wrong with it in the reader's language. */
export async function readOwnersForm(form: FormData, item: number, lang: Lang): Promise<ListRead> {
  const t = say(ownersWords, lang)
  const read = readWhole(await bytesOf(form), LINES_MAX)
  if ('fault' in read) return { problem: t[`file_${read.fault}`] }
  const sheet = readOwnersSheet(item, read.cells)
  if (sheet.vote !== undefined) {
    return { vote: sheet.vote, units: sheet.rows.length, list: stringify(ownersTable(sheet.rows)) }
  }
  const lineOf = (row: number) => sheet.lines[row] ?? 0
  const faults = sheet.faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => ({
    where: whereOf(fault, lineOf, lang),
    text: faultText(fault, lineOf, lang),
  }))
  return { faults, count: sheet.faults.length }
}

async function bytesOf(form: FormData): Promise<Uint8Array> {
  const file = form.get('file')
  if (file instanceof File && file.size > 0) {
    // Larger than a sheet may be: the first bytes are enough to say so.
    return new Uint8Array(await file.slice(0, SHEET_BYTES_MAX + 1).arrayBuffer())
  }
  const pasted = form.get('pasted')
  return new TextEncoder().encode(typeof pasted === 'string' ? pasted.trim() : '')
}

function whereOf({ row, field }: OwnersFault, lineOf: (row: number) => number, lang: Lang): string {
  const t = say(ownersWords, lang)
  if (field === undefined) return t.ofList
  return row === undefined ? t.inHeader(t[`field_${field}`]) : t.inRow(String(lineOf(row)), t[`field_${field}`])
}

function faultText({ kind, other = 0 }: OwnersFault, lineOf: (row: number) => number, lang: Lang): string {
  const word = say(ownersWords, lang)[`fault_${kind}`]
  return typeof word === 'string' ? word : word(lineOf(other))
}

/** The rows that a form carries; what cannot be read is no row, and the API says that the list is empty. */
export function rowsOfList(list: string | undefined, item: number): readonly OwnersRow[] {
  const read = readWhole(new TextEncoder().encode(list ?? ''), LINES_MAX)
  return 'fault' in read ? [] : readOwnersSheet(item, read.cells).rows
}

/** The sheet to fill in, and another one that explains it. */
export function ownersTemplate(): SheetMade[] {
  const t = say(ownersWords, 'zh')
  return [
    { name: '业主表决', rows: [ownersHeader.map((head) => ({ head }))], widths: [18, 14, 14, 10], sticky: 1 },
    {
      name: '填写说明',
      rows: [
        [{ head: '列' }, { head: '怎么填' }],
        ['房号', '例如 1号楼2单元301。把这一列设为文本，免得变成日期'],
        ['面积（㎡）', t.how_area],
        ['业主编号', t['fault_not-a-code']],
        ['意见', '同意、反对、弃权、未投'],
        ...[t.how_rows, t.how_owner, t.how_shared, t.how_developer].map((how) => ['', how]),
        ['例', '1号楼2单元301 | 89.50 | Y001 | 同意'],
      ],
      widths: [16, 60],
      sticky: 1,
    },
  ]
}
