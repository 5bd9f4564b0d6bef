import { describe, expect, it } from 'vitest'
import type { DaySums } from '#shared/domain/fund/day-sums.ts'
import { firstDayShown, fundFigures, lastClosedDay, standingAt, withOpenDay } from '#shared/domain/fund/figures.ts'
import { NOON, reversal, sale, settlement, StoryLedger } from './fund-story.ts'

const day = (name: string, salesFen: number): DaySums => ({
  day: name,
  entryCount: 1,
  cells: [
    { villageId: 'v', coopId: 'c', groupBuyId: 'g', salesFen, reversedFen: 0, postedFen: salesFen / 50, saleCount: 1 },
  ],
})

describe('what was spent', () => {
  it('is what was paid out and what was given in goods', () => {
    const ledger = new StoryLedger()
    const about = { occurredAt: NOON, proposalId: 'p-1', purpose: 'facilities' } as const
    ledger.move([
      { kind: 'opening', eventId: 'opening', occurredAt: NOON, movedFen: 500 },
      { kind: 'reservation', eventId: 'reservation:1', ...about, movedFen: 300 },
      { kind: 'disbursement', eventId: 'disbursement:1', ...about, movedFen: 300 },
    ])
    const figures = fundFigures(ledger.head, [], 'live', '2026-11-23', '2026-11-23')
    expect(figures.balances).toMatchObject({
      availableFen: 200,
      reservedFen: 0,
      spentFen: 300,
      cashFen: 200,
      paidFen: 300,
      othersFen: 500,
    })
  })
})

describe('a finished day', () => {
  it('is finished five minutes after midnight in Shanghai, and not before', () => {
    expect(lastClosedDay('2026-11-23T15:59:59.999Z')).toBe('2026-11-22')
    expect(lastClosedDay('2026-11-23T16:00:00.000Z')).toBe('2026-11-22')
    expect(lastClosedDay('2026-11-23T16:04:59.999Z')).toBe('2026-11-22')
    expect(lastClosedDay('2026-11-23T16:05:00.000Z')).toBe('2026-11-23')
  })

  it('stands as it was kept, or as the head if nothing came since', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000)], '2026-11-22T04:00:00.000Z')
    expect(standingAt(ledger.head, '2026-11-22', undefined)).toBe(ledger.head)
    expect(standingAt(ledger.head, '2026-11-21', undefined)).toBe(undefined)
    ledger.post([sale('s2', 10_000)], '2026-11-23T04:00:00.000Z')
    expect(standingAt(ledger.head, '2026-11-22', ledger.closedDays[0])).toMatchObject({ seq: 1 })
  })

  it('counts once, also when it was kept while the page was being made', () => {
    const yesterday = day('2026-11-22', 100)
    const open = day('2026-11-23', 50)
    expect(withOpenDay([yesterday, open], open)).toEqual([yesterday, open])
    expect(withOpenDay([yesterday], undefined)).toEqual([yesterday])
  })
})

describe('figures', () => {
  it('need the days of the month, of the week and of the chart, whichever begins first', () => {
    expect(firstDayShown('2026-11-23')).toBe('2026-11-01')
    expect(firstDayShown('2026-12-01')).toBe('2026-11-18')
    expect(firstDayShown('2026-11-14')).toBe('2026-11-01')
  })

  it('begin the week on Monday and the month on its first', () => {
    const ledger = new StoryLedger()
    const days = [
      day('2026-10-31', 1),
      day('2026-11-01', 10),
      day('2026-11-22', 100),
      day('2026-11-23', 1_000),
      day('2026-11-24', 10_000),
    ]
    const figures = fundFigures(ledger.head, days, 'live', '2026-11-24', '2026-11-24')
    expect(figures.today.salesFen).toBe(10_000)
    expect(figures.week.salesFen).toBe(11_000)
    expect(figures.month.salesFen).toBe(11_110)
    expect(figures.byVillage.get('v')?.salesFen).toBe(11_110)
    const closed = fundFigures(ledger.head, days, 'closed-days', '2026-11-23', '2026-11-24')
    expect([closed.today.salesFen, closed.week.salesFen, closed.month.salesFen]).toEqual([10_000, 1_000, 1_110])
    expect(closed.byDay.at(-1)).toMatchObject({ day: '2026-11-23', salesFen: 1_000 })
  })

  it('show what is owed back and the carry of all donors as amounts above zero', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_049), sale('s2', 49, { coopId: 'coop-2' }), settlement('s1')])
    ledger.head = { ...ledger.head, balances: { ...ledger.head.balances, available: 0, reserved: 200 } }
    ledger.post([reversal('r1', 's1', 5_000)])
    const figures = fundFigures(ledger.head, [], 'live', '2026-11-23', '2026-11-23')
    expect(figures.balances).toMatchObject({
      clawbackFen: 100,
      reservedFen: 200,
      availableFen: 0,
      settledFen: 100,
      dueFen: 100,
    })
    expect(figures.carryE4Fen).toBe(9_800 + 9_800)
  })
})
