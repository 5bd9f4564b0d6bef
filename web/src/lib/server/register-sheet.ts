import type { BodyKind } from '#shared/contracts/places-bodies.ts'
import type { Role } from '#shared/contracts/route.ts'
import { type Cell, plainText, textOf } from '#shared/domain/catalogue/read-cell.ts'
import { readEnd, readMoment } from './sheets/read-moment.ts'

/**
 * Tables that administrators register bodies, people and grids by. Which one a file is, its head row says: each has a column
 * that no other one has.
 */
const sheets = {
  bodies: {
    bodyId: '单位编号',
    name: '单位名称',
    bodyKind: '类别',
    communityId: '社区编号',
  },
  people: {
    subject: '登录编号',
    role: '角色',
    scopeId: '范围编号',
    building: '楼栋',
    knownAs: '称呼',
    fromAt: '起',
    toAt: '止',
  },
  grids: {
    gridId: '网格编号',
    communityId: '社区编号',
    name: '网格名称',
    compoundIds: '小区编号',
  },
  posts: {
    gridId: '网格编号',
    communityId: '社区编号',
    subject: '登录编号',
    knownAs: '称呼',
    fromAt: '起',
    toAt: '止',
  },
} as const
export type SheetName = keyof typeof sheets
export const sheetNames = Object.keys(sheets) as readonly SheetName[]

export function registerHeader(sheet: SheetName): readonly string[] {
  return Object.values(sheets[sheet])
}

/** Empty where they do not apply. */
const optional: readonly string[] = ['communityId', 'building', 'knownAs', 'fromAt', 'toAt']

const bodyKindNames: Readonly<Record<BodyKind, string>> = {
  branch: '党支部',
  'owners-committee': '业委会',
  property: '物业企业',
  department: '部门',
  'village-crew': '村工程队',
  other: '其他',
}

const roleNames: Readonly<Partial<Record<Role, string>>> = {
  worker: '社区工作者',
  committee: '管委会委员',
  supervisor: '监督员',
  charity: '慈善组织',
  coop: '合作社',
  body: '责任单位',
  leader: '楼长',
  admin: '管理员',
}

export type RegisterFault = { readonly row: number; readonly column: string; readonly text: string }
export type RegisterRead =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'read'
      readonly sheet: SheetName
      readonly rows: readonly { readonly row: number; readonly sent: object }[]
      readonly faults: readonly RegisterFault[]
    }

const HEADER_WITHIN = 10

/** What can be sent of a file, and with row and column what cannot. */
export function readRegister(cells: readonly (readonly Cell[])[], districtId: string): RegisterRead {
  const found = headOf(cells)
  if (found === undefined) return { kind: 'unknown' }
  const { sheet, at: head, places } = found
  const rows: { row: number; sent: object }[] = []
  const faults: RegisterFault[] = []
  for (const [at, row] of cells.entries()) {
    if (at <= head || row.every((cell) => textOf(cell) === '')) continue
    const line = lineOf(sheet, (column) => row[places.get(column) ?? -1], districtId)
    const wrong = Object.entries(line.faults)
    if (wrong.length === 0) rows.push({ row: at + 1, sent: line.sent })
    faults.push(...wrong.map(([field, text]) => ({ row: at + 1, column: columnOf(sheet, field), text })))
  }
  return { kind: 'read', sheet, rows, faults }
}

/** The field of the API as its column is called in this table; a compound's id of a leader stands under the scope. */
export function columnOf(sheet: SheetName, field: string): string {
  const columns: Readonly<Record<string, string>> = sheets[sheet]
  return columns[field] ?? (field === 'compoundId' ? sheets.people.scopeId : '')
}

function headOf(cells: readonly (readonly Cell[])[]) {
  for (const [at, row] of cells.slice(0, HEADER_WITHIN).entries()) {
    for (const sheet of sheetNames) {
      const places = new Map(
        Object.entries(sheets[sheet]).flatMap(([column, title]) => {
          const place = row.findIndex((cell) => plainText(cell).replace(/[（(*].*$/, '') === title)
          return place === -1 ? [] : [[column, place] as const]
        }),
      )
      const isWhole = Object.keys(sheets[sheet]).every((column) => places.has(column) || optional.includes(column))
      if (isWhole) return { sheet, at, places }
    }
  }
  return undefined
}

type Line = { readonly sent: object; readonly faults: Readonly<Record<string, string>> }

function lineOf(sheet: SheetName, cell: (column: string) => Cell, districtId: string): Line {
  const text = (column: string) => plainText(cell(column))
  const given = (column: string) => (text(column) === '' ? {} : { [column]: text(column) })
  const faults: Record<string, string> = {}
  for (const column of Object.keys(sheets[sheet]))
    if (!optional.includes(column) && text(column) === '') faults[column] = '不能为空'
  switch (sheet) {
    case 'bodies': {
      const bodyKind = keyOf(bodyKindNames, text('bodyKind'))
      if (bodyKind === undefined) faults['bodyKind'] ??= oneOf(bodyKindNames)
      const sent = { kind: 'body', bodyId: text('bodyId'), name: textOf(cell('name')), bodyKind, districtId }
      return { sent: { ...sent, ...given('communityId') }, faults }
    }
    case 'people': {
      const role = keyOf(roleNames, text('role'))
      if (role === undefined) faults['role'] ??= oneOf(roleNames)
      const scope = role === 'leader' ? { compoundId: text('scopeId') } : { scopeId: text('scopeId') }
      const home = role === 'leader' ? { ...given('building'), ...given('knownAs') } : {}
      if (role === 'leader' && text('building') === '') faults['building'] = '楼长要写楼栋'
      return { sent: { kind: 'membership', subject: text('subject'), role, ...scope, ...home, ...termOf() }, faults }
    }
    case 'grids': {
      const compoundIds = text('compoundIds')
        .split(/[、,，;；\s]+/)
        .filter((id) => id !== '')
      const sent = { kind: 'grid', gridId: text('gridId'), name: textOf(cell('name')), compoundIds }
      return { sent: { ...sent, communityId: needed('communityId') }, faults }
    }
    case 'posts': {
      const sent = { kind: 'grid-post', gridId: text('gridId'), subject: text('subject'), knownAs: needed('knownAs') }
      return { sent: { ...sent, communityId: needed('communityId'), ...termOf() }, faults }
    }
  }

  function needed(column: string): string {
    if (text(column) === '') faults[column] = '不能为空'
    return text(column)
  }

  function termOf() {
    const fromAt = readMoment(cell('fromAt'))?.at
    const toAt = readEnd(cell('toAt'))
    if (fromAt === undefined && text('fromAt') !== '') faults['fromAt'] = '写成 2026-11-27'
    if (toAt === undefined && text('toAt') !== '') faults['toAt'] = '写成 2026-11-27'
    return { ...(fromAt === undefined ? {} : { fromAt }), ...(toAt === undefined ? {} : { toAt }) }
  }
}

function keyOf<Key extends string>(names: Readonly<Partial<Record<Key, string>>>, said: string): Key | undefined {
  return (Object.keys(names) as Key[]).find((key) => names[key] === said)
}

const oneOf = (names: Readonly<Partial<Record<string, string>>>) => `写其中一个：${Object.values(names).join('、')}`
