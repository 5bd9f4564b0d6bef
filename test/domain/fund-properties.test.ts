import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cashAccounts, fundAccounts } from '#shared/contracts/fund.ts'
import { donorKey } from '#shared/domain/fund/donor-sums.ts'
import { eventId } from '#shared/domain/fund/post-events.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { historyWithDeliveries, type Delivery } from './fund-history.ts'
import { referenceFund } from './fund-reference.ts'
import { reversal, sale, sha256, StoryLedger } from './fund-story.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { plusMs, HOUR_MS } from '#shared/kernel/time.ts'

const RUNS = { numRuns: 150 }

function deliver(events: readonly SaleEvent[], delivery: Delivery): StoryLedger {
  const ledger = new StoryLedger(events)
  // Five hours between batches: a history spreads over several Shanghai days.
  delivery.forEach((batch, at) => {
    const posted = ledger.post(batch, plusMs('2026-11-23T04:00:00.000Z', at * 5 * HOUR_MS))
    expect(posted.refused).toEqual([])
  })
  return ledger
}

const donorsOf = (ledger: StoryLedger) =>
  Object.fromEntries(
    ledger.head.donors.map((donor) => [
      donorKey(donor.agreementId, donor.coopId),
      [donor.accruedE4Fen, donor.settledE4Fen],
    ]),
  )

const sumOf = (postings: readonly { account: string; deltaFen: number }[], set: readonly string[]) =>
  postings.filter(({ account }) => set.includes(account)).reduce((sum, { deltaFen }) => sum + deltaFen, 0)

describe('whatever the history and however it is delivered', () => {
  it('the fund is what the reference makes of the set of events, for any two deliveries (I2, I7)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, one, other]) => {
        const expected = referenceFund(events)
        for (const delivery of [one, other]) {
          const ledger = deliver(events, delivery)
          expect(ledger.head.balances).toEqual(expected.balances)
          expect(donorsOf(ledger)).toEqual(expected.donors)
          expect(ledger.entries).toHaveLength(expected.entryCount)
        }
      }),
      RUNS,
    )
  })

  it('every entry sums to zero in each set, and no balance leaves its side of zero (I1, I5)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, delivery]) => {
        const ledger = deliver(events, delivery)
        const balances: Record<string, number> = {}
        for (const { postings } of ledger.entries) {
          expect(sumOf(postings, fundAccounts)).toBe(0)
          expect(sumOf(postings, cashAccounts)).toBe(0)
          expect(postings.every(({ account }) => [...fundAccounts, ...cashAccounts].includes(account))).toBe(true)
          for (const { account, deltaFen } of postings) {
            expect(deltaFen).not.toBe(0)
            balances[account] = (balances[account] ?? 0) + deltaFen
          }
          for (const account of ['pending', 'available', 'due'])
            expect(balances[account] ?? 0).toBeGreaterThanOrEqual(0)
        }
      }),
      RUNS,
    )
  })

  it('posted × 10,000 + carry is the exact sum after each single entry (I2)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, delivery]) => {
        const exact = new Map<string, bigint>()
        const posted = new Map<string, bigint>()
        for (const entry of deliver(events, delivery).entries) {
          if (entry.agreementId === undefined || entry.coopId === undefined) continue
          const donor = donorKey(entry.agreementId, entry.coopId)
          exact.set(donor, (exact.get(donor) ?? 0n) + BigInt(entry.amountFen) * BigInt(entry.rateBps))
          posted.set(donor, (posted.get(donor) ?? 0n) - BigInt(sumOf(entry.postings, ['sales'])))
          expect((posted.get(donor) ?? 0n) * 10_000n + BigInt(entry.donorCarryAfter)).toBe(exact.get(donor))
        }
      }),
      RUNS,
    )
  })

  it('one event is one entry, seq has no gap, and every entry is a real event (I3, I8)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, delivery]) => {
        const { entries } = deliver(events, delivery)
        expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, at) => at + 1))
        expect(entries.map((entry) => entry.eventId).sort()).toEqual(events.map(eventId).sort())
      }),
      RUNS,
    )
  })

  it('what is stored is the fold of the entries, and the verifier agrees with the head (I6)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, delivery]) => {
        const ledger = deliver(events, delivery)
        const verified = verifyLedger(ledger.lines(), sha256)
        expect(verified.problems).toEqual([])
        expect(verified.ok).toBe(true)
        expect(verified.head).toEqual(ledger.head)
      }),
      RUNS,
    )
  })

  it('reversals never pass their sale, and the days add up to the totals (I4, I10)', () => {
    fc.assert(
      fc.property(historyWithDeliveries, ([events, delivery]) => {
        const ledger = deliver(events, delivery)
        for (const { amountFen, reversedFen } of ledger.sales.values())
          expect(reversedFen).toBeLessThanOrEqual(amountFen)
        const days = [...ledger.closedDays, ...(ledger.head.openDay === undefined ? [] : [ledger.head.openDay])]
        const cells = days.flatMap((day) => day.cells)
        const total = (name: 'salesFen' | 'reversedFen' | 'postedFen' | 'saleCount') =>
          cells.reduce((sum, cell) => sum + cell[name], 0)
        expect(total('salesFen')).toBe(ledger.head.totals.salesFen)
        expect(total('reversedFen')).toBe(ledger.head.totals.reversedFen)
        expect(total('saleCount')).toBe(ledger.head.totals.saleCount)
        expect(total('postedFen')).toBe(0 - ledger.head.balances.sales)
        expect(days.reduce((sum, day) => sum + day.entryCount, 0)).toBe(ledger.head.seq)
      }),
      RUNS,
    )
  })

  it('giving everything back leaves exactly nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 }), (amounts) => {
        const ledger = new StoryLedger()
        const sales = amounts.map((amountFen, at) => ({ saleId: `s${at}`, amountFen }))
        for (const { saleId, amountFen } of sales) ledger.post([sale(saleId, amountFen)])
        for (const { saleId, amountFen } of sales) ledger.post([reversal(`r-${saleId}`, saleId, amountFen)])
        expect(Object.values(ledger.head.balances).every((balance) => balance === 0)).toBe(true)
        expect(ledger.head.donors.every((donor) => donor.accruedE4Fen === 0)).toBe(true)
      }),
      RUNS,
    )
  })
})
