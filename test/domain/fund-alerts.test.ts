import { describe, expect, it } from 'vitest'
import type { Agreement } from '#shared/contracts/places-agreements.ts'
import { decideAlerts, lateEvents, type AlertFacts, type CoveredPairing } from '#shared/domain/fund/alerts.ts'
import { agreementCover } from '#shared/domain/places/agreement.ts'
import { inflowOf } from '#shared/domain/fund/inflow.ts'
import type { DaySums } from '#shared/domain/fund/day-sums.ts'
import { plusDays } from '#shared/kernel/time.ts'
import { NOON, reversal, sale, settlement, StoryLedger } from './fund-story.ts'

// 2026-11-23, noon in Shanghai. The last closed day is the 22nd.
const NOW = NOON
const TODAY = '2026-11-23'
const CLOSED = '2026-11-22'

const agreement = (version: number, fromDay: string, toDay: string): Agreement => ({
  ...{ agreementId: `a-${version}`, version, rateBps: 200, fromDay, toDay, purposes: ['公益服务'] },
})
/** As the handler tells it. */
function pairing(
  agreements: readonly Agreement[],
  { villageId = 'zhuzhuang', fromDay = '2026-01-01', toDay = '2030-12-31' } = {},
): CoveredPairing[] {
  const cover = agreementCover({ fromDay, toDay, agreements }, TODAY)
  return cover === undefined ? [] : [{ pairingId: `p-${villageId}`, villageName: villageId, cover }]
}

/** A month of which each day brought so much, from so many sales. */
const daysOf = (from: string, count: number, postedFen: number, saleCount = 1): DaySums[] =>
  Array.from({ length: count }, (_none, at) => ({
    day: plusDays(from, at),
    entryCount: 1,
    cells: [
      { villageId: 'v', coopId: 'c', groupBuyId: 'g', salesFen: postedFen * 50, reversedFen: 0, postedFen, saleCount },
    ],
  }))
const inflow = (days: readonly DaySums[], closed = CLOSED) => inflowOf(days, 'month', closed, closed)

const QUIET: AlertFacts = {
  unposted: [],
  check: { checkedAt: '2026-11-22T18:00:00.000Z', ok: true },
  firstPostedAt: '2026-01-05T04:00:00.000Z',
  inflow: inflow([]),
  pairings: pairing([agreement(1, '2026-01-01', '2028-12-31')]),
  clawbackFen: 0,
}
const told = (facts: Partial<AlertFacts>, now = NOW) => decideAlerts({ ...QUIET, ...facts }, now)
const kinds = (facts: Partial<AlertFacts>, now = NOW) => told(facts, now).map(({ kind }) => kind)

it('a fund that is in order is told nothing', () => {
  expect(told({})).toEqual([])
  // Nor one that began today, and that no night has checked yet.
  expect(told({ check: undefined, firstPostedAt: '2026-11-23T03:00:00.000Z' })).toEqual([])
  expect(told({ check: undefined, firstPostedAt: undefined })).toEqual([])
})

describe('posting', () => {
  it('is late ten minutes after the sale, and not before; it says since when and how many', () => {
    const at = (occurredAt: string) => ({ ...sale('s', 100), occurredAt })
    expect(told({ unposted: [at('2026-11-23T03:50:00.001Z')] })).toEqual([])
    expect(
      told({
        unposted: [at('2026-11-23T03:59:00.000Z'), at('2026-11-23T03:50:00.000Z'), at('2026-11-22T20:00:00.000Z')],
      }),
    ).toEqual([{ kind: 'posting-late', since: '2026-11-22T20:00:00.000Z', eventCount: 2 }])
  })

  it('is missing for each sale, reversal and settlement that has left no marker', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), sale('s2', 10_000), reversal('r1', 's1', 100), settlement('s1')])
    const posted = [sale('s1', 10_000), sale('s2', 10_000), reversal('r1', 's1', 100), settlement('s1')]
    const markers = { sales: ledger.sales, reversals: ledger.reversals }
    expect(lateEvents(posted, markers)).toEqual([])
    const missing = [sale('s3', 1), reversal('r2', 's1', 1), settlement('s2'), settlement('s4')]
    expect(lateEvents([...posted, ...missing], markers)).toEqual(missing)
  })
})

describe('the nightly check', () => {
  it('that found something is told, with when it looked', () => {
    expect(told({ check: { checkedAt: '2026-11-22T18:00:00.000Z', ok: false } })).toEqual([
      { kind: 'check-failed', since: '2026-11-22T18:00:00.000Z' },
    ])
  })

  it('that is more than 36 hours old is told, and one that is just so old is not', () => {
    expect(told({ check: { checkedAt: '2026-11-21T16:00:00.000Z', ok: true } })).toEqual([])
    expect(told({ check: { checkedAt: '2026-11-21T15:59:59.999Z', ok: true } })).toEqual([
      { kind: 'check-late', since: '2026-11-21T15:59:59.999Z' },
    ])
    // What it found then is not forgotten because nobody looked since.
    expect(kinds({ check: { checkedAt: '2026-11-20T18:00:00.000Z', ok: false } })).toEqual([
      'check-failed',
      'check-late',
    ])
  })

  it('that never went to its end is late 36 hours after the first entry', () => {
    const check = { checkedAt: undefined, ok: undefined }
    expect(told({ check, firstPostedAt: '2026-11-21T16:00:00.000Z' })).toEqual([])
    for (const never of [check, undefined]) {
      expect(told({ check: never, firstPostedAt: '2026-11-21T15:00:00.000Z' })).toEqual([
        { kind: 'check-late', since: '2026-11-21T15:00:00.000Z' },
      ])
    }
  })
})

describe('inflow', () => {
  const october = daysOf('2026-10-01', 31, 1_000)

  it('that is 30 % below the same days of the month before is told, and one a fen better is not', () => {
    // 22 finished days: 22,000 fen in October; 70 % of it are 15,400.
    const november = daysOf('2026-11-01', 21, 700)
    const last = (postedFen: number) => daysOf(CLOSED, 1, postedFen)
    expect(told({ inflow: inflow([...october, ...november, ...last(701)]) })).toEqual([])
    expect(told({ inflow: inflow([...october, ...november, ...last(700)]) })).toEqual([
      {
        kind: 'inflow-fell',
        fromDay: '2026-11-01',
        toDay: CLOSED,
        postedFen: 15_400,
        beforePostedFen: 22_000,
        fellPercent: 30,
      },
    ])
    // Also when more was given back than came in.
    expect(told({ inflow: inflow([...october, ...last(-2_200)]) })).toMatchObject([{ fellPercent: 110 }])
  })

  it('is compared only with a month that had sales of some number, and that brought something by then', () => {
    expect(told({ inflow: inflow(daysOf('2026-10-01', 9, 1_000)) })).toEqual([])
    expect(kinds({ inflow: inflow(daysOf('2026-10-01', 10, 1_000)) })).toEqual(['inflow-fell'])
    // All of its sales came later in the month: by the same day there was nothing to fall below.
    expect(told({ inflow: inflow(daysOf('2026-10-25', 7, 1_000, 5)) })).toEqual([])
  })

  it('is not compared in the first days of a month, in which one group buy more or less is everything', () => {
    const early = (closed: string, now: string) => kinds({ inflow: inflow(october, closed) }, now)
    expect(early('2026-11-06', '2026-11-07T04:00:00.000Z')).toEqual([])
    expect(early('2026-11-07', '2026-11-08T04:00:00.000Z')).toEqual(['inflow-fell'])
  })

  it('of a month that is over is not what the next one is told of', () => {
    const now = '2026-12-01T04:00:00.000Z'
    const check = { checkedAt: '2026-11-30T18:00:00.000Z', ok: true }
    expect(told({ inflow: inflow(october, '2026-11-30'), check }, now)).toEqual([])
  })
})

describe('agreements', () => {
  it('that end within thirty days are told with their last day', () => {
    const of = (toDay: string) => told({ pairings: pairing([agreement(1, '2026-01-01', toDay)]) })
    expect(of(plusDays(TODAY, 31))).toEqual([])
    expect(of(plusDays(TODAY, 30))).toEqual([
      { kind: 'agreement-ends', pairingId: 'p-zhuzhuang', villageName: 'zhuzhuang', lastDay: plusDays(TODAY, 30) },
    ])
    expect(of(TODAY)).toMatchObject([{ kind: 'agreement-ends', lastDay: TODAY }])
  })

  it('that are followed by another version without a gap do not end', () => {
    const first = agreement(1, '2026-01-01', '2026-11-30')
    expect(told({ pairings: pairing([first, agreement(2, '2026-12-01', '2027-11-30')]) })).toEqual([])
    expect(told({ pairings: pairing([first, agreement(2, '2026-12-02', '2027-11-30')]) })).toMatchObject([
      { kind: 'agreement-ends', lastDay: '2026-11-30' },
    ])
  })

  it('end with their pairing', () => {
    const agreements = [agreement(1, '2026-01-01', '2028-12-31')]
    expect(told({ pairings: pairing(agreements, { toDay: '2026-12-01' }) })).toMatchObject([
      { kind: 'agreement-ends', lastDay: '2026-12-01' },
    ])
  })

  it('that are not in force are told, with the first day that has none', () => {
    const of = (...agreements: Agreement[]) => told({ pairings: pairing(agreements) })
    const missing = { kind: 'agreement-missing', pairingId: 'p-zhuzhuang', villageName: 'zhuzhuang' }
    expect(of()).toEqual([{ ...missing, sinceDay: '2026-01-01' }])
    expect(of(agreement(1, '2026-01-01', '2026-11-22'))).toEqual([{ ...missing, sinceDay: TODAY }])
    expect(of(agreement(1, '2026-11-24', '2027-11-22'))).toEqual([{ ...missing, sinceDay: '2026-01-01' }])
  })

  it('of a pairing that is over or has not begun are nobody’s business today', () => {
    const over = pairing([], { toDay: '2026-11-22' })
    const later = pairing([], { fromDay: '2026-11-24' })
    expect(told({ pairings: [...over, ...later] })).toEqual([])
  })
})

describe('what is told', () => {
  it('includes that the fund owes its donors', () => {
    expect(told({ clawbackFen: 120 })).toEqual([{ kind: 'owes-donors', clawbackFen: 120 }])
  })

  it('begins with what is wrong with the books, and of agreements with what has none and with what ends first', () => {
    const ends = (villageId: string, toDay: string) => pairing([agreement(1, '2026-01-01', toDay)], { villageId })
    expect(
      told({
        unposted: [{ ...sale('s', 1), occurredAt: '2026-11-23T01:00:00.000Z' }],
        check: { checkedAt: '2026-11-20T18:00:00.000Z', ok: false },
        inflow: inflow(daysOf('2026-10-01', 31, 1_000)),
        pairings: [
          ...ends('v-later', '2026-12-20'),
          ...ends('v-first', '2026-12-01'),
          ...pairing([], { villageId: 'v-none' }),
        ],
        clawbackFen: 1,
      }).map((alert) => ('villageName' in alert ? alert.villageName : alert.kind)),
    ).toEqual([
      'check-failed',
      'check-late',
      'posting-late',
      'owes-donors',
      'inflow-fell',
      'v-none',
      'v-first',
      'v-later',
    ])
  })
})
