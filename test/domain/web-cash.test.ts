import { describe, expect, it } from 'vitest'
import { type CashDay, cashReceivers } from '#shared/contracts/cash.ts'
import { receivers } from '#web/lib/cash/receivers.ts'
import { cashRows } from '#web/lib/server/sheets/cash-sheet.ts'
import { noReceiver } from '#web/lib/server/no-receiver.ts'
import { plainRows } from '#web/lib/server/sheets/plain-rows.ts'

describe('the pages of a cash desk', () => {
  it('know who may receive cash, as the contract does', () => expect(receivers).toEqual(cashReceivers))
})

const id = '00000000-0000-4000-8000-00000000000'
const at = '2026-11-26T02:00:00.000Z'
const day: CashDay = {
  ...{ communityId: 'community-1', communityName: '示例社区', day: '2026-11-26', moveCount: 3 },
  ...{ openingFen: 1_000, closingFen: 1_560 },
  sums: { takenFen: 2_580, handedBackFen: -20, bankedFen: -2_000, broughtInFen: 0, overShortFen: 0 },
  items: [
    ...[{ ...{ moveId: `${id}1`, seq: 7, kind: 'taken', deltaFen: 2_580, balanceFen: 3_580, at, byName: '李老师' } }],
    ...[
      {
        ...{ moveId: `${id}2`, seq: 8, kind: 'handed-back', deltaFen: -20, balanceFen: 3_560, at, byName: '王姐' },
        ...{ receivedBy: 'other', words: '=邻居' },
      },
      {
        ...{ moveId: `${id}3`, seq: 10, kind: 'banked', deltaFen: -2_000, balanceFen: 1_560, at, byName: '李老师' },
        ...{ bankReference: 'ICBC-1', bankedOn: '2026-11-25' },
      },
    ],
  ] as CashDay['items'],
  counts: [
    {
      ...{ countId: `${id}4`, seq: 9, at, byName: '王姐', byCaller: false },
      ...{ countedFen: 3_560, expectedFen: 3_560, differenceFen: 0 },
    },
  ],
}

describe('a day of the cash book as a file', () => {
  it('adds up: what it began with, each line, and what it ended with', () => {
    const rows = plainRows(cashRows(day))
    const fenOf = (text: string | undefined) => Math.round(Number(text === '' ? 0 : text) * 100)
    const figure = (name: string) => fenOf(rows.find(([head]) => head === name)?.[1])
    const first = rows.findIndex(([head, , what]) => head === '号' && what === '摘要')
    const lines = rows.slice(first + 1, first + 4)
    expect(lines.map((line) => line[2])).toEqual(['收', '退', '存银行'])
    const moved = lines.reduce((sum, line) => sum + fenOf(line[3]) - fenOf(line[4]), 0)
    expect(figure('期初') + moved).toBe(figure('期末'))
    expect(figure('收') + figure('退') + figure('补入') + figure('长短款') + figure('存银行')).toBe(moved)
    expect(lines.at(-1)?.[5]).toBe('15.60')
    expect(lines[1]?.[8]).toBe('其他人领；=邻居')
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
  })

  it('of somebody who has to count first says so, and holds no balance', () => {
    const { openingFen: _opening, closingFen: _closing, sums: _sums, ...rest } = day
    const items = day.items.map(({ balanceFen: _balance, ...move }) => move)
    const rows = plainRows(cashRows({ ...rest, items, counts: [] }))
    expect(rows.flat()).toContainEqual(expect.stringContaining('期初、合计和余额先不显示'))
    expect(rows.flat().join(' ')).not.toMatch(/15\.60|35\.80/)
  })
})

describe('who received cash', () => {
  it('is asked, never guessed: what is missing is said at its field', () => {
    expect(noReceiver('zh')).toMatchObject({ code: 'INVALID', fields: { receivedBy: '请选是谁领的' } })
  })
})
