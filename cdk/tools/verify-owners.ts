import { parse } from 'csv-parse/sync'
import { readFile } from 'node:fs/promises'
import { OWNERS_UNITS_MAX, ownersListSchema, type OwnersVote } from '#shared/contracts/governance-owners.ts'
import { ownersFaultText, type OwnersFault } from '#shared/domain/governance/owners-faults.ts'
import { canonicalList } from '#shared/domain/governance/owners-list.ts'
import { readOwnersSheet } from '#shared/domain/governance/owners-sheet.ts'
import { decideOwnersVote, ownersShares, type OwnersShare } from '#shared/domain/governance/owners-vote.ts'
import { yuan } from '#shared/kernel/money.ts'
import { sha256 } from './ledger-file.ts'
import { callerPath, say, Usage, type Result } from './result.ts'

/**
 * `--owners list.csv --item N [--code 清单码 [--hash 指纹]]`: counts an owners' vote (Civil Code art. 278) from its list on one's
 * own machine. With the code that is on the paper it comes to the published hash, and compares it when that is given.
 */
export const ownersFlags = {
  owners: { type: 'string' },
  item: { type: 'string' },
  code: { type: 'string' },
  hash: { type: 'string' },
} as const
type Flags = { readonly [Name in keyof typeof ownersFlags]?: string | undefined }

const BYTES_MAX = 1024 * 1024
/** A title and some empty lines may stand above the list. */
const LINES_MAX = OWNERS_UNITS_MAX + 100
const USAGE = '用法：npm run verify -- --owners 清单.csv --item 项号(1-9) [--code 清单码 [--hash 公布的指纹]]'

export async function verifyOwners({ owners = '', item: itemText, code, hash }: Flags): Promise<Result> {
  if (!/^[1-9]$/.test(itemText ?? '') || (hash !== undefined && code === undefined)) throw new Usage(USAGE)
  if (code !== undefined && !ownersListSchema.shape.code.safeParse(code).success)
    throw new Usage(`--code ${code} 不是清单码，例如 7K2M-9QXR-4TB0-ZH5W`)
  if (hash !== undefined && !ownersListSchema.shape.hash.safeParse(hash).success)
    throw new Usage(`--hash ${hash} 不是指纹（64 位十六进制）`)
  const item = Number(itemText)
  const { vote, faults, rows, lines } = readOwnersSheet(item, await cellsOf(callerPath(owners)))
  if (vote === undefined) {
    tellFaults(faults, (row) => lines[row] ?? 0)
    return { ok: false, faults: faults.length }
  }
  tellFigures(vote, rows.length)
  const { quorate, passed } = decideOwnersVote(vote)
  const found = code === undefined ? undefined : sha256(canonicalList(item, code, rows))
  const hashOk = hash === undefined || found === hash
  say(found === undefined ? '没有给 --code 清单码，不算指纹。' : `指纹 ${found}`)
  if (hash !== undefined) say(hashOk ? '✓ 和公布的指纹一样。' : '✗ 和公布的指纹不一样：不是同一份清单、项号或清单码。')
  const told = { units: rows.length, ...vote, quorate, passed, ...(found === undefined ? {} : { hash: found }) }
  return { ok: hashOk, ...told, ...(hash === undefined ? {} : { hashOk }) }
}

async function cellsOf(path: string): Promise<string[][]> {
  const bytes = await readFile(path).catch(() => {
    throw new Usage(`找不到文件：${path}`)
  })
  if (bytes.length > BYTES_MAX) throw new Usage(`${path} 太大，最多 1 MB`)
  try {
    const text = textOf(bytes)
    const delimiter = text.includes('\t') ? '\t' : ','
    const cells = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: false,
      to: LINES_MAX + 1,
    }) as string[][]
    if (cells.length > LINES_MAX) throw new Usage(`${path} 太长，最多 ${LINES_MAX} 行`)
    return cells
  } catch (error) {
    if (error instanceof Usage) throw error
    throw new Usage(`${path} 不是 CSV 文件`)
  }
}

/** UTF-8 if it is that without a fault, else what Chinese spreadsheets write. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes)
  }
}

const columnNames = { unit: '房号', areaCm: '面积', owner: '业主编号', choice: '意见' } as const

function tellFaults(faults: readonly OwnersFault[], lineOf: (row: number) => number): void {
  say(`✗ 清单里有 ${faults.length} 处要改：`)
  for (const fault of faults.slice(0, 50)) {
    const where = fault.row === undefined ? '' : `第 ${lineOf(fault.row)} 行 `
    say(`  ${where}${fault.field === undefined ? '' : `${columnNames[fault.field]} `}${ownersFaultText(fault, lineOf)}`)
  }
}

const whats = { 'takes-part': '参加表决', agrees: '同意（占参加的）' } as const
const needs = {
  'two-thirds': '要够三分之二',
  'three-quarters': '要够四分之三',
  'more-than-half': '要超过一半',
} as const

function tellFigures(vote: OwnersVote, units: number): void {
  say(`清单共 ${units} 套房，按民法典第 278 条第一款第 ${vote.item} 项：`)
  for (const share of ownersShares(vote)) {
    const { what, by, enough } = share
    const amount =
      by === 'heads' ? `${share.part} / ${share.whole} 人` : `${yuan(share.part)} / ${yuan(share.whole)} ㎡`
    say(`  ${enough ? '✓' : '✗'} ${whats[what]} ${amount}，${percentOf(share)}%，${needs[share.needs]}`)
  }
  say(decideOwnersVote(vote).passed ? '结果：通过' : '结果：没有通过')
}

/** Never rounded up. */
function percentOf({ part, whole }: OwnersShare): string {
  return whole === 0 ? '0.00' : yuan(Math.floor((10_000 * part) / whole))
}
