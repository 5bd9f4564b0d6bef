import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withOpenDay } from '#shared/domain/fund/figures.ts'
import { emptyHead } from '#shared/domain/fund/head.ts'
import { periodOf, periodsOf } from '#shared/domain/fund/period.ts'
import { fundStatement } from '#shared/domain/fund/statement.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { history } from './fund-history.ts'
import { FUND, NOON, reversal, sale, settlement, sha256, StoryLedger, toldOnDays } from './fund-story.ts'

describe('a period', () => {
  it.each([
    ['2026-11', '2026-11-01', '2026-11-30'],
    ['2026-12', '2026-12-01', '2026-12-31'],
    ['2028-02', '2028-02-01', '2028-02-29'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['2026', '2026-01-01', '2026-12-31'],
  ])('%s is from %s to %s', (period, fromDay, toDay) => {
    expect(periodOf(period)).toEqual({ period, fromDay, toDay })
  })

  it.each(['2026-13', '2026-00', '2026-Q5', '26', '2026-1', ''])('%s is none', (text) => {
    expect(() => periodOf(text)).toThrow()
  })

  it('is listed when it holds a day, newest first', () => {
    expect(periodsOf('2026-09-30', '2026-11-02').map(({ period }) => period)).toEqual([
      ...['2026', '2026-Q4', '2026-11', '2026-10', '2026-Q3', '2026-09'],
    ])
    expect(periodsOf('2026-12-31', '2027-01-01').map(({ period }) => period)).toEqual([
      ...['2027', '2027-Q1', '2027-01', '2026', '2026-Q4', '2026-12'],
    ])
  })
})

function statementOf(ledger: StoryLedger, period: string) {
  const span = periodOf(period)
  const { head, closedDays } = ledger
  const at = (day: string) =>
    head.openDay !== undefined && head.openDay.day <= day
      ? head
      : (closedDays.findLast((closed) => closed.day <= day) ?? emptyHead(FUND, sha256))
  return fundStatement(at(plusDays(span.fromDay, -1)), at(span.toDay), withOpenDay(closedDays, head.openDay), span)
}

describe('the statement of a fund', () => {
  it('is, for any history and any period, what folding its entries gives', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.constantFrom(0, 1, 3, 20, 40), { minLength: 1, maxLength: 5 }),
        (events, days) => {
          const ledger = toldOnDays(events, days)
          for (const period of ['2026-09', '2026-10', '2026-11', '2026-Q3', '2026-Q4', '2026', '2027-Q1', '2027']) {
            const { fromDay, toDay } = periodOf(period)
            const statement = statementOf(ledger, period)
            const inside = ledger.entries.filter(({ postedAt }) => {
              const day = shanghaiDay(postedAt)
              return fromDay <= day && day <= toDay
            })
            const until = ledger.entries.filter(({ postedAt }) => shanghaiDay(postedAt) <= toDay)
            const posted = (entries: typeof inside, accounts: readonly string[]) =>
              entries
                .flatMap(({ postings }) => postings)
                .reduce((sum, { account, deltaFen }) => sum + (accounts.includes(account) ? deltaFen : 0), 0)
            expect(statement.inflow).toEqual({
              salesFen: inside.reduce((sum, { amountFen }) => sum + Math.max(0, amountFen), 0),
              reversedFen: inside.reduce((sum, { amountFen }) => sum + Math.max(0, -amountFen), 0),
              postedFen: 0 - posted(inside, ['sales']),
              saleCount: inside.filter(({ kind }) => kind === 'sale').length,
            })
            for (const part of [statement.byVillage, statement.byCoop, statement.byChannel]) {
              const whole = [...part.values()].reduce((sum, { postedFen }) => sum + postedFen, 0)
              expect(whole).toBe(statement.inflow.postedFen)
            }
            const owned = ['pending', 'available', 'reserved', 'clawback']
            expect(statement.closing.balanceFen).toBe(posted(until, owned))
            expect(statement.opening.balanceFen).toBe(posted(until, owned) - posted(inside, owned))
            expect(statement.check).toEqual({
              computedFen: posted(until, owned),
              keptFen: posted(until, owned),
              ok: true,
            })
            expect(statement.seq).toBe(until.length)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells channels apart, and a month in which money only went back is below zero', () => {
    const ledger = new StoryLedger()
    const fair = sale('s2', 5_000, { channel: 'fair', groupBuyId: undefined, fairId: 'fair-1' })
    ledger.post([sale('s1', 10_000), fair, settlement('s1')], '2026-10-31T12:00:00.000Z')
    ledger.post([reversal('r1', 's1', 10_000)], '2026-10-31T16:00:00.000Z')
    expect(
      [...statementOf(ledger, '2026-10').byChannel].map(([channel, { postedFen }]) => [channel, postedFen]),
    ).toEqual([
      ['fair', 100],
      ['group-buy', 200],
    ])
    expect(statementOf(ledger, '2026-11')).toMatchObject({
      opening: { balanceFen: 300 },
      inflow: { salesFen: 0, reversedFen: 10_000, postedFen: -200, saleCount: 0 },
      closing: { balanceFen: 100 },
      check: { ok: true },
    })
  })

  it('tells by purpose what was paid out, what came another way, and goods apart from money', () => {
    const ledger = new StoryLedger()
    const october = '2026-10-20T04:00:00.000Z'
    const november = '2026-11-05T04:00:00.000Z'
    const about = { occurredAt: NOON, proposalId: 'p-1', purpose: 'facilities' } as const
    const donor = { occurredAt: NOON, agreementId: 'agr-1', coopId: 'coop-1' } as const
    ledger.post([sale('s1', 1_000_000), settlement('s1')], october)
    ledger.move(
      [
        { kind: 'opening', eventId: 'opening', occurredAt: NOON, movedFen: 5_000 },
        { kind: 'remittance', eventId: 'remittance:1', ...donor, movedFen: 20_000 },
        { kind: 'reservation', eventId: 'reservation:1', ...about, movedFen: 9_000 },
      ],
      october,
    )
    ledger.move(
      [
        { kind: 'disbursement', eventId: 'disbursement:1', ...about, movedFen: 7_000 },
        { kind: 'release', eventId: 'release:1', ...about, movedFen: 2_000 },
        { kind: 'in-kind', eventId: 'in-kind:1', ...donor, purpose: 'hardship', movedFen: 800 },
        { kind: 'correction', eventId: 'correction:1', occurredAt: NOON, movedFen: -100 },
      ],
      november,
    )
    expect(statementOf(ledger, '2026-10')).toMatchObject({
      ...{ otherFen: 5_000, outflowFen: 0, byPurpose: [], inKind: [], remittedFen: 20_000 },
      ...{ opening: { balanceFen: 0 }, closing: { balanceFen: 25_000, reservedFen: 9_000 }, check: { ok: true } },
    })
    expect(statementOf(ledger, '2026-11')).toMatchObject({
      ...{ otherFen: -100, outflowFen: 7_000, remittedFen: 0 },
      byPurpose: [{ purpose: 'facilities', spentFen: 7_000 }],
      inKind: [{ purpose: 'hardship', valueFen: 800 }],
      ...{ closing: { balanceFen: 17_900, paidFen: 7_000, cashFen: 17_900 }, check: { ok: true } },
    })
    expect(statementOf(ledger, '2026').check).toEqual({ computedFen: 17_900, keptFen: 17_900, ok: true })
  })

  it('does not hide that days and balances disagree', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000)], '2026-10-31T12:00:00.000Z')
    const { head } = ledger
    const wrong = { ...head, balances: { ...head.balances, pending: head.balances.pending + 1 } }
    const days = head.openDay === undefined ? [] : [head.openDay]
    const made = fundStatement(emptyHead(FUND, sha256), wrong, days, periodOf('2026-10'))
    expect(made.check).toEqual({ computedFen: 200, keptFen: 201, ok: false })
  })
})
