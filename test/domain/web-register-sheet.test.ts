import { describe, expect, it } from 'vitest'
import { importRowSchema } from '#shared/contracts/places-import.ts'
import { columnOf, readRegister, registerHeader, type SheetName, sheetNames } from '#web/lib/server/register-sheet.ts'

/** Goal: whoever keeps the district's register sends the table that they have, and hears of each cell that is wrong. */
const DISTRICT = '371502'
const read = (sheet: SheetName, ...rows: readonly (readonly (string | number)[])[]) => {
  const found = readRegister([registerHeader(sheet), ...rows], DISTRICT)
  if (found.kind !== 'read') throw new Error('the table is not known')
  return found
}
const sentOf = (sheet: SheetName, row: readonly (string | number)[]) => {
  const { rows, faults } = read(sheet, row)
  expect(faults).toEqual([])
  const [{ sent } = { sent: {} }] = rows
  expect(importRowSchema.safeParse(sent).error).toBeUndefined()
  return sent
}

describe('a table', () => {
  it('is known by its own head row, under a title and in whatever order', () => {
    for (const sheet of sheetNames) {
      const header = registerHeader(sheet)
      expect(readRegister([['名册'], [], header.toReversed()], DISTRICT)).toMatchObject({ kind: 'read', sheet })
    }
  })

  it('of other columns is none of these', () => {
    expect(
      readRegister(
        [
          ['工单编号', '小区'],
          ['1', '2'],
        ],
        DISTRICT,
      ),
    ).toEqual({ kind: 'unknown' })
    expect(readRegister([], DISTRICT)).toEqual({ kind: 'unknown' })
  })

  it('without the columns that may be empty is known as well', () => {
    const rows = [
      ['登录编号', '角色', '范围编号'],
      ['worker-9', '社区工作者', '371502001001'],
    ]
    expect(readRegister(rows, DISTRICT)).toMatchObject({ sheet: 'people', rows: [{ row: 2 }], faults: [] })
  })
})

describe('a body', () => {
  it('is of a community, or of the whole district', () => {
    expect(sentOf('bodies', ['wuye-1', '阳光物业', '物业企业', 371502001001])).toEqual({
      ...{ kind: 'body', bodyId: 'wuye-1', name: '阳光物业', bodyKind: 'property', districtId: DISTRICT },
      communityId: '371502001001',
    })
    expect(sentOf('bodies', ['crew-1', '朱庄村工程队', '村工程队', ''])).toMatchObject({ bodyKind: 'village-crew' })
    expect(sentOf('bodies', ['crew-1', '朱庄村工程队', '村工程队', ''])).not.toHaveProperty('communityId')
  })

  it.each(['党支部', '业委会', '物业企业', '部门', '村工程队', '其他'])('may be a %s', (kind) => {
    sentOf('bodies', ['b-1', '某单位', kind, ''])
  })
})

describe('somebody', () => {
  it.each([
    ['社区工作者', 'worker'],
    ['管委会委员', 'committee'],
    ['监督员', 'supervisor'],
    ['慈善组织', 'charity'],
    ['合作社', 'coop'],
    ['责任单位', 'body'],
    ['管理员', 'admin'],
  ])('is %s from one day to another, the last one included', (name, role) => {
    expect(sentOf('people', ['p-1', name, 'scope-1', '', '', '2026-12-01', '2026-12-31'])).toEqual({
      ...{ kind: 'membership', subject: 'p-1', role, scopeId: 'scope-1' },
      ...{ fromAt: '2026-11-30T16:00:00.000Z', toAt: '2026-12-31T16:00:00.000Z' },
    })
  })

  it('is a leader of a building of a compound', () => {
    expect(sentOf('people', ['p-1', '楼长', 'c-1', '3号楼', '王师傅', '', ''])).toEqual({
      ...{
        kind: 'membership',
        subject: 'p-1',
        role: 'leader',
        compoundId: 'c-1',
        building: '3号楼',
        knownAs: '王师傅',
      },
    })
    expect(read('people', ['p-1', '楼长', 'c-1', '', '', '', '']).faults).toEqual([
      { row: 2, column: '楼栋', text: '楼长要写楼栋' },
    ])
  })

  it('is no resident here: who lives where is not registered by a table', () => {
    expect(read('people', ['p-1', '住户', 'c-1', '', '', '', '']).faults).toMatchObject([{ row: 2, column: '角色' }])
  })
})

describe('a grid', () => {
  it('has all of its compounds in one cell', () => {
    expect(sentOf('grids', ['g-1', '371502001001', '第一网格', 'c-1、c-2 c-3,c-4'])).toEqual({
      ...{ kind: 'grid', gridId: 'g-1', communityId: '371502001001', name: '第一网格' },
      compoundIds: ['c-1', 'c-2', 'c-3', 'c-4'],
    })
  })

  it('has its worker, with a term', () => {
    expect(sentOf('posts', ['g-1', '371502001001', 'worker-1', '李网格员', '', '2027年1月31日'])).toEqual({
      ...{ kind: 'grid-post', gridId: 'g-1', subject: 'worker-1', knownAs: '李网格员' },
      ...{ communityId: '371502001001', toAt: '2027-01-31T16:00:00.000Z' },
    })
  })
})

describe('what is wrong', () => {
  it.each<[SheetName, readonly string[], readonly string[]]>([
    ['bodies', ['', '阳光物业', '物业企业', ''], ['单位编号']],
    ['bodies', ['b-1', '', '公司', ''], ['单位名称', '类别']],
    ['people', ['', '监督员', '', '', '', '', ''], ['登录编号', '范围编号']],
    ['people', ['p-1', '监督员', 'x', '', '', '昨天', '2026-02-31'], ['起', '止']],
    ['grids', ['g-1', '', '第一网格', ''], ['小区编号', '社区编号']],
    ['posts', ['g-1', '', 'worker-1', '', '', ''], ['称呼', '社区编号']],
  ])('in a row of %s %j is said by column, and the other rows are read', (sheet, row, columns) => {
    const good = {
      bodies: ['b-2', '绿城物业', '物业企业', ''],
      people: ['p-2', '监督员', 'x', '', '', '', ''],
      grids: ['g-2', '371502001001', '第二网格', 'c-9'],
      posts: ['g-1', '371502001001', 'worker-2', '赵网格员', '', ''],
    }
    const { rows, faults } = read(sheet, row, good[sheet])
    expect(faults.map(({ column }) => column).sort()).toEqual([...columns].sort())
    expect(new Set(faults.map((each) => each.row))).toEqual(new Set([2]))
    expect(rows.map((each) => each.row)).toEqual([3])
  })

  it('according to the API is told at its column', () => {
    expect(columnOf('people', 'compoundId')).toBe('范围编号')
    expect(columnOf('bodies', 'bodyKind')).toBe('类别')
    expect(columnOf('posts', 'nothing')).toBe('')
  })
})
