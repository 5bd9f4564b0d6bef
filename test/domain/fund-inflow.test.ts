import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spans } from '#shared/contracts/fund-spans.ts'
import { isWanted, type EntryFilter } from '#shared/domain/fund/entry-filter.ts'
import { withOpenDay } from '#shared/domain/fund/figures.ts'
import { daysOfInflow, inflowOf, sumsOfPart } from '#shared/domain/fund/inflow.ts'
import { barsOf, sameDaysBefore, spanBefore, spanOf } from '#shared/domain/fund/span.ts'
import { plusDays } from '#shared/kernel/time.ts'
import { history } from './fund-history.ts'
import {
  FIRST_TOLD_DAY,
  NOON,
  reversal,
  sale,
  saleWithoutAgreement,
  settlement,
  StoryLedger,
  toldOnDays,
} from './fund-story.ts'

describe('a span', () => {
  it.each([
    ['day', '2026-11-26', '2026-11-26', '2026-11-26', '2026-11-25', '2026-11-25'],
    ['week', '2026-11-29', '2026-11-23', '2026-11-29', '2026-11-16', '2026-11-22'],
    ['week', '2027-01-01', '2026-12-28', '2027-01-03', '2026-12-21', '2026-12-27'],
    ['month', '2026-03-31', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['month', '2027-01-05', '2027-01-01', '2027-01-31', '2026-12-01', '2026-12-31'],
    ['quarter', '2026-11-26', '2026-10-01', '2026-12-31', '2026-07-01', '2026-09-30'],
    ['quarter', '2026-01-01', '2026-01-01', '2026-03-31', '2025-10-01', '2025-12-31'],
    ['year', '2028-02-29', '2028-01-01', '2028-12-31', '2027-01-01', '2027-12-31'],
  ] as const)('of a %s that holds %s is from %s to %s, after %s to %s', (span, day, fromDay, toDay, from, to) => {
    expect(spanOf(span, day)).toEqual({ fromDay, toDay })
    expect(spanBefore(span, { fromDay, toDay })).toEqual({ fromDay: from, toDay: to })
  })

  it('that goes on is compared with as many days of the one before, and one that is over with all of it', () => {
    const march = spanOf('month', '2026-03-01')
    const february = spanBefore('month', march)
    expect(sameDaysBefore(march, '2026-03-05', february).toDay).toBe('2026-02-05')
    // There is no 30th of February.
    expect(sameDaysBefore(march, '2026-03-30', february).toDay).toBe('2026-02-28')
    // February is over: it stands against the whole of January, not against 28 days of it.
    const january = spanBefore('month', february)
    expect(sameDaysBefore(february, '2026-02-28', january)).toEqual(january)
  })

  it('is drawn by bars that follow each other without a gap from its first day to its last', () => {
    for (const span of spans) {
      for (const day of ['2026-02-10', '2026-11-26', '2028-02-29', '2027-01-01']) {
        const own = spanOf(span, day)
        const bars = barsOf(span, own)
        expect(bars[0]?.fromDay).toBe(own.fromDay)
        expect(bars.at(-1)?.toDay).toBe(own.toDay)
        for (const [at, bar] of bars.entries()) {
          expect(bar.fromDay <= bar.toDay).toBe(true)
          if (at > 0) expect(bar.fromDay).toBe(plusDays(bars[at - 1]?.toDay ?? '', 1))
        }
      }
    }
    expect(barsOf('quarter', spanOf('quarter', '2026-11-26')).length).toBe(14)
    expect(barsOf('year', spanOf('year', '2026-11-26')).length).toBe(12)
    expect(barsOf('month', spanOf('month', '2026-11-26')).length).toBe(30)
  })
})

const daysOf = ({ closedDays, head }: StoryLedger) => withOpenDay(closedDays, head.openDay)

/** By another way: entry by entry. */
function sumsOfEntries(ledger: StoryLedger, filter: EntryFilter) {
  const wanted = ledger.entries.filter((entry) => isWanted(entry, filter))
  return {
    salesFen: wanted.reduce((sum, { amountFen }) => sum + Math.max(0, amountFen), 0),
    reversedFen: wanted.reduce((sum, { amountFen }) => sum + Math.max(0, -amountFen), 0),
    postedFen: wanted
      .flatMap(({ postings }) => postings)
      .reduce((sum, { account, deltaFen }) => sum - (account === 'sales' ? deltaFen : 0), 0),
    saleCount: wanted.filter(({ kind }) => kind === 'sale').length,
  }
}

describe('what came in', () => {
  it('is never another sum than its entries: in any span, of any village, co-op, group buy or channel', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.constantFrom(0, 1, 3, 20, 40), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 20 }),
        (events, steps, offset, hidden) => {
          const ledger = toldOnDays(events, steps)
          const day = plusDays(FIRST_TOLD_DAY, offset)
          const asOfDay = plusDays(day, hidden)
          for (const span of spans) {
            const { fromDay, toDay } = daysOfInflow(span, day)
            const days = daysOf(ledger).filter((each) => fromDay <= each.day && each.day <= toDay)
            const found = inflowOf(days, span, day, asOfDay)
            const within = { fromDay: found.fromDay, toDay: found.countedTo }
            expect(found.sums).toEqual(sumsOfEntries(ledger, within))
            expect(found.before.whole).toEqual(
              sumsOfEntries(ledger, { fromDay: found.before.fromDay, toDay: found.before.toDay }),
            )
            const sameDays = { fromDay: found.before.fromDay, toDay: found.before.toSameDay }
            expect(found.before.sameDays).toEqual(sumsOfEntries(ledger, sameDays))
            for (const bar of found.bars) {
              const { fromDay: from, toDay: to, ...sums } = bar
              expect(sums).toEqual(sumsOfEntries(ledger, { fromDay: from, toDay: to < asOfDay ? to : asOfDay }))
            }
            const parts = [
              ...[...found.byVillage].map(([villageId, sum]) => ({ part: { villageId }, sum })),
              ...[...found.byCoop].map(([coopId, sum]) => ({ part: { coopId }, sum })),
              ...[...found.byChannel].map(([channel, sum]) => ({ part: { channel }, sum })),
            ]
            for (const { part, sum } of parts) {
              const { beforePostedFen, ...sums } = sum
              expect(sums).toEqual(sumsOfEntries(ledger, { ...within, ...part }))
              expect(sums).toEqual(sumsOfPart(days, within, part, asOfDay))
              expect(beforePostedFen).toBe(sumsOfEntries(ledger, { ...sameDays, ...part }).postedFen)
            }
            for (const [groupBuyId, sums] of found.byGroupBuy) {
              expect(sums).toEqual(sumsOfEntries(ledger, { ...within, groupBuyId }))
              const two = { groupBuyId, coopId: 'coop-1' }
              expect(sumsOfPart(days, within, two, asOfDay)).toEqual(sumsOfEntries(ledger, { ...within, ...two }))
            }
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('names a village that sent something in the span before alone, and both channels always', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000, { villageId: 'v-then' })], '2026-10-02T04:00:00.000Z')
    ledger.post([sale('s2', 5_000, { villageId: 'v-now' })], '2026-11-02T04:00:00.000Z')
    const found = inflowOf(daysOf(ledger), 'month', '2026-11-02', '2026-11-02')
    expect(
      [...found.byVillage].map(([id, { postedFen, beforePostedFen }]) => [id, postedFen, beforePostedFen]),
    ).toEqual([
      ['v-now', 100, 0],
      ['v-then', 0, 200],
    ])
    expect([...found.byChannel].map(([channel, { postedFen }]) => [channel, postedFen])).toEqual([
      ['group-buy', 100],
      ['fair', 0],
    ])
  })

  it('names the hundred largest group buys, and adds the others up', () => {
    const ledger = new StoryLedger()
    const events = Array.from({ length: 130 }, (_none, at) =>
      sale(`s${at}`, 1_000 + 50 * at, { groupBuyId: `gb-${String(at).padStart(3, '0')}` }),
    )
    ledger.post(events, '2026-11-02T04:00:00.000Z')
    const found = inflowOf(daysOf(ledger), 'month', '2026-11-02', '2026-11-02')
    expect([...found.byGroupBuy.keys()].slice(0, 2)).toEqual(['gb-129', 'gb-128'])
    expect(found.byGroupBuy.size).toBe(100)
    expect(found.otherGroupBuys.groupBuyCount).toBe(30)
    const named = [...found.byGroupBuy.values()].reduce((sum, { postedFen }) => sum + postedFen, 0)
    expect(named + found.otherGroupBuys.postedFen).toBe(found.sums.postedFen)
  })
})

describe('a filter of entries', () => {
  const ledger = new StoryLedger()
  ledger.post(
    [sale('s1', 10_000), sale('s2', 300, { groupBuyId: 'gb-2', coopId: 'coop-2' })],
    '2026-11-02T04:00:00.000Z',
  )
  ledger.post([reversal('r1', 's1', 4_000), settlement('s1')], '2026-11-03T04:00:00.000Z')
  const found = (filter: EntryFilter) => ledger.entries.filter((entry) => isWanted(entry, filter)).map(({ seq }) => seq)

  it.each<[string, EntryFilter, number[]]>([
    ['nothing', {}, [1, 2, 3, 4]],
    ['a kind', { kind: 'reversal' }, [3]],
    ['an account', { account: 'available' }, [4]],
    ['a co-op', { coopId: 'coop-2' }, [2]],
    ['a group buy and a kind', { groupBuyId: 'gb-1', kind: 'sale' }, [1]],
    ['a channel', { channel: 'fair' }, []],
    ['days', { fromDay: '2026-11-03' }, [3, 4]],
    ['days to an end', { toDay: '2026-11-02' }, [1, 2]],
    // What was given back is looked for by the sum that was given back, without a sign.
    ['a sum at least', { minFen: 4_000 }, [1, 3]],
    ['a sum exactly', { minFen: 4_000, maxFen: 4_000 }, [3]],
    // A settlement is about what became available: 2 % of 6,000 fen.
    ['a sum at most', { maxFen: 300 }, [2, 4]],
  ])('asks for %s', (_what, filter, seqs) => {
    expect(found(filter)).toEqual(seqs)
  })

  it('asks for an agreement, or for sales that had none: what moves no sale is neither', () => {
    const mixed = new StoryLedger()
    mixed.post(
      [sale('s1', 10_000), saleWithoutAgreement('s2', 700), sale('s3', 900, { agreementId: 'agr-2' })],
      '2026-11-02T04:00:00.000Z',
    )
    mixed.move(
      [{ kind: 'opening', eventId: 'opening:1', movedFen: 5_000, occurredAt: NOON }],
      '2026-11-02T05:00:00.000Z',
    )
    mixed.post([reversal('r2', 's2', 300), settlement('s1'), settlement('s2')], '2026-11-03T04:00:00.000Z')
    const named = (filter: EntryFilter) =>
      mixed.entries.filter((entry) => isWanted(entry, filter)).map(({ kind, saleId }) => [kind, saleId])
    expect(mixed.entries).toHaveLength(7)
    expect(named({ agreement: 'none' })).toEqual([
      ['sale', 's2'],
      ['reversal', 's2'],
      ['settlement', 's2'],
    ])
    expect(named({ agreementId: 'agr-1' })).toEqual([
      ['sale', 's1'],
      ['settlement', 's1'],
    ])
    expect(named({ agreementId: 'agr-2' })).toEqual([['sale', 's3']])
    expect(named({ agreement: 'none', agreementId: 'agr-1' })).toEqual([])
  })
})
