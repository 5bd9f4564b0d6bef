import { describe, expect, it } from 'vitest'
import { hotlineRowSchema } from '#shared/contracts/matters-hotline.ts'
import { columnOf, hotlineHeader, readHotlineSheet } from '#web/lib/server/hotline-sheet.ts'

const compounds = [
  { compoundId: 'c-1', name: '古城·安居家属院（示例01）' },
  { compoundId: 'c-2', name: '兴华小区' },
  { compoundId: 'c-3', name: '双胞胎小区' },
  { compoundId: 'c-4', name: '双胞胎小区' },
]
const good = ['LC2026-1', '兴华小区', '2026-11-27 09:30', '噪音扰民', '2号楼楼下', '夜里施工。很吵']

describe('a sheet of the hotline’s tickets', () => {
  it('is read by its header, in whatever order and under whatever line of a title', () => {
    const turned = [['十一月工单'], [], hotlineHeader.toReversed(), good.toReversed(), []]
    const { rows, faults } = readHotlineSheet(turned, compounds)
    expect(faults).toEqual([])
    expect(rows).toEqual([
      {
        row: 4,
        sent: {
          ...{ kind: 'ticket', ticketNumber: 'LC2026-1', compoundId: 'c-2', category: 'noise' },
          ...{ receivedAt: '2026-11-27T01:30:00.000Z', where: '2号楼楼下', text: '夜里施工。很吵' },
        },
      },
    ])
    expect(hotlineRowSchema.safeParse(rows[0]?.sent).success).toBe(true)
  })

  it.each([
    ['2026/11/7', '2026-11-06T16:00:00.000Z'],
    ['2026年11月27日 9:05', '2026-11-27T01:05:00.000Z'],
    ['2026-11-27T09:30:59', '2026-11-27T01:30:00.000Z'],
  ])('reads the moment %s', (text, at) => {
    const { rows } = readHotlineSheet([hotlineHeader, good.with(2, text)], compounds)
    expect(rows[0]?.sent).toMatchObject({ receivedAt: at })
  })

  it.each([
    ['a compound of elsewhere', 1, '别处小区', '小区'],
    ['a name that two have', 1, '双胞胎小区', '小区'],
    ['a day that is none', 2, '2026-11-31', '受理时间'],
    ['no moment', 2, '昨天', '受理时间'],
    ['a category that is none', 3, '其它事情', '类别'],
  ])('says row and column of %s, and keeps the others', (_name, at, text, column) => {
    const { rows, faults } = readHotlineSheet([hotlineHeader, good.with(at, text), good], compounds)
    expect(faults).toEqual([{ row: 2, column, text: expect.any(String) }])
    expect(rows.map(({ row }) => row)).toEqual([3])
  })

  it('says which column its header lacks', () => {
    const { rows, faults } = readHotlineSheet([hotlineHeader.slice(0, 5), good], compounds)
    expect(rows).toEqual([])
    expect(faults).toEqual([{ row: 1, column: '内容', text: '表头里没有这一列' }])
    expect(readHotlineSheet([['a', 'b']], compounds).faults).toHaveLength(1)
  })

  it('calls a field of the API as its column is called', () => {
    expect(['ticketNumber', 'compoundId', 'where', 'text'].map(columnOf)).toEqual(['工单编号', '小区', '地点', '内容'])
    expect(columnOf('unknown')).toBe('')
  })
})
