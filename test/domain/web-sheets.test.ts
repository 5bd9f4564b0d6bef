import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readListingSheet } from '#shared/domain/catalogue/listing-sheet.ts'
import { readCells, readWhole, SHEET_BYTES_MAX } from '#web/lib/server/sheets/read-cells.ts'
import { ROWS_MAX } from '#web/lib/server/sheets/read-xlsx.ts'
import { xlsxBytes } from '#web/lib/server/sheets/xlsx-file.ts'

const cellsOf = (bytes: Uint8Array) => {
  const read = readCells(bytes)
  if ('fault' in read) throw new Error(read.fault)
  return read.cells
}
const utf8 = (text: string) => new TextEncoder().encode(text)
/** 品名,一份,价格 / 番茄,1斤,5.9 as Chinese Excel saves it. */
const GBK = Uint8Array.from([
  ...[0xc6, 0xb7, 0xc3, 0xfb, 0x2c, 0xd2, 0xbb, 0xb7, 0xdd, 0x2c, 0xbc, 0xdb, 0xb8, 0xf1, 0x0d, 0x0a],
  ...[0xb7, 0xac, 0xc7, 0xd1, 0x2c, 0x31, 0xbd, 0xef, 0x2c, 0x35, 0x2e, 0x39, 0x0d, 0x0a],
])

describe('a CSV file', () => {
  it.each([
    ['UTF-8', utf8('品名,一份,价格\r\n番茄,1斤,5.9\r\n')],
    ['UTF-8 with its mark', utf8('\uFEFF品名,一份,价格\n番茄,1斤,5.9')],
    ['GBK', GBK],
    [
      'UTF-16 with tabs',
      Uint8Array.from([0xff, 0xfe, ...Buffer.from('品名\t一份\t价格\n番茄\t1斤\t5.9\n', 'utf16le')]),
    ],
    ['semicolons', utf8('品名;一份;价格\n番茄;1斤;5.9\n')],
    ['full-width commas', utf8('品名，一份，价格\n番茄，1斤，5.9\n')],
  ])('in %s is the same table', (_how, bytes) => {
    const sheet = readListingSheet(cellsOf(bytes))
    expect(sheet).toMatchObject({ faults: [], rows: [{ row: 2, name: '番茄', priceFen: 590 }] })
  })

  it('counts its rows as a spreadsheet does', () => {
    const cells = cellsOf(utf8('品名,一份,价格,说明\n\n"番茄","1斤",5.9,"两行\n说明"\n黄瓜,1根,\n'))
    expect(readListingSheet(cells).faults).toEqual([{ row: 4, field: '价格', text: '请写价格，例如 3.20' }])
  })
})

describe('an XLSX file', () => {
  it('is read as it was written: texts, numbers, gaps', async () => {
    const bytes = await xlsxBytes([
      {
        name: '商品',
        widths: [10],
        sticky: 1,
        rows: [[{ head: '品名' }, { head: '价格' }], [], ['番茄 & <b>"好"</b>', { yuan: 590 }], [null, { count: 12 }]],
      },
      { name: '说明', widths: [], rows: [['不读']] },
    ])
    expect(cellsOf(bytes)).toEqual([['品名', '价格'], [], ['番茄 & <b>"好"</b>', 5.9], [null, 12]])
  })

  const files = async () => unzipSync(await xlsxBytes([{ name: '表', widths: [], rows: [['品名'], ['A2']] }]))
  const sheetOf = async (change: (xml: string) => string) => {
    const all = await files()
    const name = 'xl/worksheets/sheet1.xml'
    return zipSync({ ...all, [name]: strToU8(change(strFromU8(all[name] ?? new Uint8Array()))) })
  }

  it('from other programs: inline texts, prefixes, formulas with their values, days, no references', async () => {
    const xml = `<x:worksheet xmlns:x="s"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>番</x:t></x:r><x:r><x:t>茄</x:t></x:r></x:is></x:c>
      <x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>番茄x</x:v></x:c><x:c><x:v>3.3000000000000003</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
    expect(cellsOf(await sheetOf(() => xml))).toEqual([['番茄', '番茄x', 3.3, true]])
    const all = await files()
    const styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="57"/></cellXfs></styleSheet>'
    const sheet = '<worksheet><sheetData><row r="1"><c r="B1" s="1"><v>46174</v></c></row></sheetData></worksheet>'
    const dated = zipSync({ ...all, 'xl/styles.xml': strToU8(styles), 'xl/worksheets/sheet1.xml': strToU8(sheet) })
    expect(cellsOf(dated)).toEqual([[null, '2026-06-01']])
  })

  it('with a cell at the far end of the sheet costs nothing', async () => {
    const started = performance.now()
    const far = await sheetOf((xml) => xml.replace('r="A2"', 'r="XFD1048576"').replace('r="2"', 'r="1048576"'))
    expect(cellsOf(far)).toEqual([['品名']])
    const low = await sheetOf((xml) => xml.replace('r="A2"', 'r="A1048576"').replace('r="2"', 'r="1048576"'))
    expect(cellsOf(low)).toHaveLength(ROWS_MAX + 1)
    // Filled up to that cell it would be a billion cells; a busy machine may take its time over a few.
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('that unpacks to more than it may is not unpacked', () => {
    const huge = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(30 * 1024 * 1024) })
    expect(huge.length).toBeLessThan(SHEET_BYTES_MAX)
    expect(readCells(huge)).toEqual({ fault: 'too-large' })
  })

  it('that lies about its size is not believed', () => {
    const huge = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(30 * 1024 * 1024).fill(32) })
    // In the directory at the end, and before the file: 24 bytes and 22 bytes in.
    const view = new DataView(huge.buffer, huge.byteOffset)
    const directory = huge.findLastIndex((byte, at) => byte === 0x50 && view.getUint32(at, true) === 0x02014b50)
    view.setUint32(directory + 24, 100, true)
    view.setUint32(22, 100, true)
    expect(readCells(huge)).toEqual({ fault: 'unreadable' })
  })
})

describe('a file that is none', () => {
  it.each([
    ['empty', new Uint8Array(), 'empty'],
    ['too large', new Uint8Array(SHEET_BYTES_MAX + 1).fill(65), 'too-large'],
    ['of the old Excel', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), 'old-excel'],
    ['a broken zip', Uint8Array.from([0x50, 0x4b, 3, 4, 9, 9, 9]), 'unreadable'],
    ['another zip', zipSync({ 'readme.txt': strToU8('hello') }), 'unreadable'],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0xff, 0xff]), 'unreadable'],
  ])('%s', (_what, bytes, fault) => expect(readCells(bytes)).toEqual({ fault }))
})

describe('a file that is written', () => {
  it('has no formula in it, whatever a name looks like', async () => {
    const bytes = await xlsxBytes([{ name: '表', widths: [], rows: [['=1+1', '+1', '@SUM(A1)', '-2', '\u0007铃']] }])
    expect(cellsOf(bytes)).toEqual([['=1+1', '+1', '@SUM(A1)', '-2', '铃']])
    for (const file of Object.values(unzipSync(bytes))) expect(strFromU8(file)).not.toMatch(/<f[ >]/)
  })

  it('keeps numbers as numbers and money with its two decimals', async () => {
    const all = unzipSync(await xlsxBytes([{ name: '表', widths: [], rows: [[{ yuan: 123_456 }, { count: 7 }]] }]))
    expect(strFromU8(all['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).toMatch(/<v>1234\.56<\/v>.*<v>7<\/v>/)
    expect(strFromU8(all['xl/styles.xml'] ?? new Uint8Array())).toContain('#,##0.00')
  })
})

describe('a sheet that is read whole or not at all', () => {
  const lines = (count: number) => new TextEncoder().encode('甲,乙\n'.repeat(count))

  it('has as many rows as the limit, and is refused with one more', () => {
    expect(readWhole(lines(3), 3)).toEqual({ cells: Array.from({ length: 3 }, () => ['甲', '乙']) })
    expect(readWhole(lines(4), 3)).toEqual({ fault: 'too-large' })
  })

  it('of an .xlsx file never makes one row of all that is beyond it', async () => {
    const rows = Array.from({ length: 5 }, (_row, at) => [`第 ${at + 1} 行`])
    const bytes = new Uint8Array(await xlsxBytes([{ name: '表', rows, widths: [10], sticky: 0 }]))
    expect(readWhole(bytes, 5)).toEqual({ cells: rows })
    expect(readWhole(bytes, 4)).toEqual({ fault: 'too-large' })
  })
})
