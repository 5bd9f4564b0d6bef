import { describe, expect, it } from 'vitest'
import { countOwners } from '#shared/domain/governance/owners-count.ts'
import { ownersHeader, ownersTable, readOwnersSheet } from '#shared/domain/governance/owners-sheet.ts'

const good = ['1-101', '89.50', 'A1', '同意']

describe('a sheet of an owners’ vote', () => {
  it('is read by its header, in whatever order and under whatever line of a title', () => {
    const cells = [['表决结果'], [], ownersHeader.toReversed(), good.toReversed(), [], ['弃权', 'a2', 120, 102]]
    const { rows, lines, faults, vote } = readOwnersSheet(8, cells)
    expect(faults).toEqual([])
    expect(lines).toEqual([4, 6])
    expect(rows).toEqual([
      { unit: '1-101', areaCm: 8_950, owner: 'A1', choice: 'yes' },
      { unit: '102', areaCm: 12_000, owner: 'a2', choice: 'abstain' },
    ])
    expect(vote).toEqual(countOwners(8, rows).vote)
    // What was read is a sheet again.
    expect(readOwnersSheet(8, ownersTable(rows)).rows).toEqual(rows)
  })

  it.each([
    ['89.5', 8_950],
    ['89', 8_900],
    [89.5, 8_950],
    ['８９．５０', 8_950],
    ['89.50 ㎡', 8_950],
    ['89.500', 8_950],
    ['1,089.5', 108_950],
    ['0.01', 1],
  ])('reads the area %j', (text, areaCm) => {
    expect(readOwnersSheet(8, [ownersHeader, good.with(1, text as string)]).rows[0]?.areaCm).toBe(areaCm)
  })

  it.each([
    ['三个小数', 1, '89.555', 'areaCm', 'not-an-area'],
    ['no number', 1, '约90', 'areaCm', 'not-an-area'],
    ['nothing', 1, '', 'areaCm', 'not-an-area'],
    ['less than nothing', 1, '-5', 'areaCm', 'not-an-area'],
    ['a decimal comma', 1, '89,5', 'areaCm', 'not-an-area'],
    ['more than can be', 1, '100000.01', 'areaCm', 'not-an-area'],
    ['no unit', 0, '', 'unit', 'missing'],
    ['a unit that became a day', 0, '2026-01-01', 'unit', 'became-a-day'],
    ['a unit that is shown as a day', 0, '1月1日', 'unit', 'became-a-day'],
    ['a name', 2, '张三', 'owner', 'not-a-code'],
    ['no owner', 2, '', 'owner', 'missing'],
    ['no choice', 3, '', 'choice', 'missing'],
    ['another word', 3, '随便', 'choice', 'not-a-choice'],
  ] as const)('says of %s where it stands, and counts nothing', (_what, column, text, field, kind) => {
    const sheet = readOwnersSheet(8, [ownersHeader, ['1-102', '80', 'A9', '反对'], good.with(column, text)])
    expect(sheet.faults).toEqual([{ kind, row: 1, field }])
    expect(sheet.vote).toBeUndefined()
  })

  it('is read in English too', () => {
    const choices = ['Yes', 'no', 'abstain', 'none']
    const english = [
      ['Unit', 'Area (m²)', 'Owner', 'Choice'],
      ...choices.map((choice, n) => [`${n}`, 1, `A${n}`, choice]),
    ]
    expect(readOwnersSheet(8, english).rows.map(({ choice }) => choice)).toEqual(['yes', 'no', 'abstain', 'none'])
  })

  it('never guesses which of two columns is meant', () => {
    const two = [
      ['房号', '建筑面积', '专有部分面积', '业主编号', '意见'],
      ['1-101', '100', '80', 'A1', '同意'],
    ]
    expect(readOwnersSheet(8, two).faults).toEqual([{ kind: 'two-columns', field: 'areaCm' }])
  })

  it('names a column that is not there', () => {
    expect(readOwnersSheet(8, [['房号', '面积', '意见'], good]).faults).toEqual([{ kind: 'no-column', field: 'owner' }])
    expect(readOwnersSheet(8, []).faults).toEqual([{ kind: 'no-column', field: 'unit' }])
    expect(readOwnersSheet(8, [ownersHeader]).faults).toEqual([{ kind: 'no-rows' }])
  })
})
