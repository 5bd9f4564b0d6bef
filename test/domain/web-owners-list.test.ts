import { stringify } from 'csv-stringify/sync'
import { describe, expect, it } from 'vitest'
import * as contract from '#shared/contracts/governance-owners.ts'
import { ownersFaultWords, type OwnersFaultKind } from '#shared/domain/governance/owners-faults.ts'
import { ownersTable } from '#shared/domain/governance/owners-sheet.ts'
import { ownersTemplate, readOwnersForm, rowsOfList } from '#web/lib/server/owners-list.ts'
import { readCells } from '#web/lib/server/sheets/read-cells.ts'
import { type SheetCell, xlsxBytes } from '#web/lib/server/sheets/xlsx-file.ts'
import * as limits from '#web/lib/text/owners-limits.ts'
import { ownersWords } from '#web/lib/text/owners.ts'

const rows: contract.OwnersRow[] = [
  { unit: '1号楼101', areaCm: 8_950, owner: 'A1', choice: 'yes' },
  { unit: '1号楼102', areaCm: 12_005, owner: 'A1', choice: 'yes' },
  { unit: '2号楼101', areaCm: 9_900, owner: 'B-2', choice: 'no' },
  { unit: '2号楼102', areaCm: 9_900, owner: 'C3', choice: 'none' },
]
const vote = { item: 8, totalHeads: 3, totalAreaCm: 40_755, heads: 2, areaCm: 30_855, forHeads: 1, forAreaCm: 20_955 }
const csv = stringify(ownersTable(rows))
const formOf = (file: Uint8Array | undefined, pasted = '') => {
  const form = new FormData()
  form.set('file', new File(file === undefined ? [] : [new Uint8Array(file)], file === undefined ? '' : '清单'))
  form.set('pasted', pasted)
  return form
}
const read = (file: Uint8Array | undefined, pasted = '', lang: 'zh' | 'en' = 'zh') =>
  readOwnersForm(formOf(file, pasted), 8, lang)
const bytes = (text: string) => new TextEncoder().encode(text)
/** Chinese Excel's own encoding, which no library here writes. */
const inGb18030 = (text: string) => {
  const of = new Map<string, number[]>()
  for (let high = 0x81; high < 0xff; high++)
    for (let low = 0x40; low < 0xff; low++) {
      const letter = new TextDecoder('gb18030').decode(new Uint8Array([high, low]))
      if (!of.has(letter)) of.set(letter, [high, low])
    }
  return new Uint8Array(
    [...text].flatMap((letter) => (letter < '\u0080' ? [letter.charCodeAt(0)] : (of.get(letter) ?? []))),
  )
}

describe('a list of owners that a form brings', () => {
  it.each([
    ['CSV', bytes(csv)],
    ['CSV of a Chinese spreadsheet', inGb18030(csv.replace('㎡', '平米'))],
    ['text with tabs', bytes(csv.replaceAll(',', '\t'))],
  ])('is read from %s', async (_kind, file) => {
    expect(await read(file)).toEqual({ vote, units: 4, list: csv })
  })

  it('is read from a spreadsheet, also a long one, and from what was pasted', async () => {
    const [sheet] = ownersTemplate()
    if (sheet === undefined) throw new Error('the template has a sheet')
    const cells = ownersTable(rows).slice(1) as SheetCell[][]
    const file = await xlsxBytes([{ ...sheet, rows: [...sheet.rows, ...cells] }])
    expect(await read(file)).toEqual({ vote, units: 4, list: csv })
    expect(await read(undefined, csv.replaceAll(',', '\t'))).toEqual({ vote, units: 4, list: csv })
    const many = Array.from({ length: 3_001 }, (_none, n): SheetCell[] => [`${n}`, '90', `Y${n}`, '同意'])
    const long = await xlsxBytes([{ ...sheet, rows: [...sheet.rows, ...many.slice(1)] }])
    expect(await read(long)).toMatchObject({ units: 3_000, vote: { totalHeads: 3_000, totalAreaCm: 27_000_000 } })
    const longer = await xlsxBytes([{ ...sheet, rows: [...sheet.rows, ...many] }])
    expect(await read(longer)).toMatchObject({ count: 1, faults: [{ where: '整份清单', text: '最多 3000 户' }] })
  })

  it('comes to the same rows once it is recorded', () => {
    expect(rowsOfList(csv, 8)).toEqual(rows)
    expect(rowsOfList(undefined, 8)).toEqual([])
  })

  it('says what is wrong by the line of the sheet, in either language', async () => {
    const wrong = `业主表决结果\n${csv}1号楼101,80,D4,同意\n3-1,八十,张三,同意\n`
    expect(await read(bytes(wrong))).toEqual({
      count: 3,
      faults: [
        { where: '第 7 行 · 房号', text: '和第 3 行是同一套房，一套房只写一行' },
        { where: '第 8 行 · 面积', text: expect.stringContaining('89.50') },
        { where: '第 8 行 · 业主编号', text: expect.stringContaining('不写姓名') },
      ],
    })
    expect(await read(bytes(wrong), '', 'en')).toMatchObject({
      faults: [{ where: 'Row 7 · Unit', text: 'The same unit as in row 3: one row for each unit' }, {}, {}],
    })
    const many = ['房号,面积,业主编号,意见', ...Array.from({ length: 60 }, (_none, n) => `${n},x,A${n},同意`)].join(
      '\n',
    )
    const told = await read(bytes(many))
    expect('faults' in told && [told.count, told.faults.length]).toEqual([60, 50])
    expect(await read(bytes('房号,面积,意见\n'))).toMatchObject({ faults: [{ where: '表头 · 业主编号' }] })
  })

  it.each([
    ['nothing', undefined, '请选一个文件，或者把表格粘贴进来。'],
    ['an old spreadsheet', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1]), '这是旧的 .xls 格式，请另存为 .xlsx。'],
    ['a broken spreadsheet', new Uint8Array([0x50, 0x4b, 1, 2]), '读不懂这个文件，请传 .xlsx 或 .csv。'],
    ['too much', new Uint8Array(1024 * 1024 + 1).fill(65), '文件太大，最多 3000 行、1 MB。'],
  ])('is not there with %s', async (_what, file, problem) => {
    expect(await read(file)).toEqual({ problem })
  })
})

describe('its words', () => {
  it('are those of the rules, for every fault, and so are the limits', () => {
    for (const kind of Object.keys(ownersFaultWords) as OwnersFaultKind[]) {
      const [chinese] = ownersWords[`fault_${kind}`]
      expect(typeof chinese === 'string' ? chinese : chinese(7), kind).toBe(ownersFaultWords[kind](7))
    }
    for (const [name, value] of Object.entries(limits))
      expect([name, Reflect.get(contract, name)]).toEqual([name, value])
  })
})

it('a sheet of another kind is cut off where it always was', () => {
  const lines = Array.from({ length: 1_200 }, (_none, n) => `${n},a`).join('\n')
  const cells = readCells(bytes(lines))
  expect('cells' in cells && cells.cells.length).toBe(1_001)
})
