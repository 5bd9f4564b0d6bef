import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Balances } from '#shared/domain/fund/accounts.ts'
import { byName, shareFigures, sumShares, type ShareFigures } from '#shared/domain/fund/community-figures.ts'
import { firstDayShown, fundFigures, standingAt, withOpenDay } from '#shared/domain/fund/figures.ts'
import { emptyHead } from '#shared/domain/fund/head.ts'
import { monthStart, plusDays, startOfShanghaiDay, type ShanghaiDay } from '#shared/kernel/time.ts'
import { history } from './fund-history.ts'
import { NOON, sale, settlement, sha256, StoryLedger } from './fund-story.ts'

const FIRST = '2026-09-28'

type Told = { readonly events: Parameters<StoryLedger['post']>[0]; readonly steps: readonly number[]; opening: number }

/** A fund of its own, whose events are posted some days apart; perhaps it held something before the market began. */
function told({ events, steps, opening }: Told): StoryLedger {
  const ledger = new StoryLedger(events)
  let day = FIRST
  if (opening > 0) {
    const began = startOfShanghaiDay(day)
    ledger.move([{ kind: 'opening', eventId: 'opening', occurredAt: NOON, movedFen: opening }], began)
  }
  for (const [at, event] of events.entries()) {
    day = plusDays(day, steps[at % steps.length] ?? 0)
    ledger.post([event], startOfShanghaiDay(day))
  }
  return ledger
}

const oneFund = fc.record({
  events: fc.oneof(history, fc.constant([])),
  steps: fc.array(fc.constantFrom(0, 1, 3, 20, 40), { minLength: 1, maxLength: 5 }),
  opening: fc.constantFrom(0, 0, 12_345),
})

const standingOf = ({ head, closedDays }: StoryLedger, day: ShanghaiDay) =>
  standingAt(
    head,
    day,
    closedDays.findLast((closed) => closed.day <= day),
  )

function shareOf(ledger: StoryLedger, asOfDay: ShanghaiDay, today: ShanghaiDay): ShareFigures {
  const standing = standingOf(ledger, asOfDay)
  const monthBefore = standingOf(ledger, plusDays(monthStart(asOfDay), -1))
  return shareFigures({ standing, monthBefore, openDay: ledger.head.openDay }, today)
}

/** By the way of the fund's own page: from the sums that were kept of its days. */
function ownFigures(ledger: StoryLedger, asOfDay: ShanghaiDay, today: ShanghaiDay): ShareFigures {
  const { head, closedDays } = ledger
  const from = firstDayShown(asOfDay)
  const days = withOpenDay(
    closedDays.filter(({ day }) => from <= day && day <= asOfDay),
    head.openDay,
  )
  const standing = standingOf(ledger, asOfDay) ?? emptyHead(head.fundId, sha256)
  const { balances, today: ofToday, month, total } = fundFigures(standing, days, 'live', asOfDay, today)
  return { balances, today: ofToday, month, total }
}

describe('the fund of a community', () => {
  it('is the sum of what the pages of its funds say, figure by figure, live and up to any closed day', () => {
    fc.assert(
      fc.property(
        fc.array(oneFund, { maxLength: 4 }),
        fc.integer({ min: -3, max: 200 }),
        fc.constantFrom(0, 1, 2),
        (funds, offset, ahead) => {
          const ledgers = funds.map(told)
          // The live view goes up to the last entry; everybody else sees it a day or, just after midnight, two days later.
          const last = ledgers.map(({ head }) => head.openDay?.day ?? '')
          const asOfDay = [plusDays(FIRST, offset), ...(ahead === 0 ? last : [])].sort().at(-1) ?? ''
          const today = plusDays(asOfDay, ahead)
          const own = ledgers.map((ledger) => ownFigures(ledger, asOfDay, today))
          const shares = ledgers.map((ledger) => shareOf(ledger, asOfDay, today))
          expect(shares).toEqual(own)
          const sum = sumShares(shares)
          for (const part of ['balances', 'today', 'month', 'total'] as const) {
            for (const [figure, fen] of Object.entries(sum[part])) {
              const each = own.map((fund) => (fund[part] as Record<string, number>)[figure] ?? Number.NaN)
              expect(fen, `${part}.${figure}`).toBe(each.reduce((left, right) => left + right, 0))
            }
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is nothing where it has no compounds', () => {
    const sum = sumShares([])
    for (const part of [sum.balances, sum.today, sum.month, sum.total]) {
      expect(Object.values(part).every((fen) => Object.is(fen, 0))).toBe(true)
    }
  })

  it('owes what its shares owe, and one that owes nothing takes nothing of it away', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), settlement('s1')])
    const owing = { ...ledger.head.balances, available: 0, clawback: -120, spent: 320 }
    const share = (balances: Balances) => {
      const standing = { ...ledger.head, balances }
      return shareFigures({ standing, monthBefore: undefined, openDay: undefined }, '2026-11-23')
    }
    const sum = sumShares([share(owing), share(ledger.head.balances), share(owing)])
    expect(sum.balances).toMatchObject({ clawbackFen: 240, availableFen: 200, spentFen: 640 })
  })

  it('has a share that is nothing where a compound has no entries, and does not show it as less than nothing', () => {
    const share = shareFigures({ standing: undefined, monthBefore: undefined, openDay: undefined }, '2026-11-23')
    expect(share).toEqual(sumShares([]))
  })

  it('counts in a month what was posted in it, whatever was posted before', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), settlement('s1')], '2026-10-30T04:00:00.000Z')
    ledger.post([sale('s2', 5_000)], '2026-11-02T04:00:00.000Z')
    ledger.post([sale('s3', 2_500)], '2026-11-03T04:00:00.000Z')
    const closed = shareOf(ledger, '2026-11-02', '2026-11-03')
    expect(closed.month).toEqual({ salesFen: 5_000, reversedFen: 0, postedFen: 100, saleCount: 1 })
    expect(closed.today).toEqual({ salesFen: 2_500, reversedFen: 0, postedFen: 50, saleCount: 1 })
    expect(closed.total.postedFen).toBe(300)
    expect(closed.balances).toMatchObject({ availableFen: 200, pendingFen: 100, dueFen: 200 })
    // On the last day of October there is no November yet.
    expect(shareOf(ledger, '2026-10-31', '2026-11-01').month.postedFen).toBe(200)
  })
})

it('compounds stand by name as people in Shanghai look them up, numbers by their size, equal names by id', () => {
  const names = ['香江花园', '二干路小区', '3号院', '12号院', '安居小区', '香江花园']
  const rows = names.map((name, at) => ({ name, id: `c-${at}` }))
  expect(rows.toSorted(byName).map(({ name, id }) => `${name} ${id}`)).toEqual([
    '3号院 c-2',
    '12号院 c-3',
    '安居小区 c-4',
    '二干路小区 c-1',
    '香江花园 c-0',
    '香江花园 c-5',
  ])
})
