import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StatementState, statementStates, type StatementSums } from '#shared/contracts/settlement.ts'
import { decideAnswer, refuseEndless } from '#shared/domain/settlement/answer-statement.ts'
import { decideStatement, type StatedPart } from '#shared/domain/settlement/decide-statement.ts'
import { decideSilence } from '#shared/domain/settlement/silent-statement.ts'
import { statementTransitions } from '#shared/domain/settlement/statement-states.ts'
import { type FundSums, type StatedShare, sumStatement } from '#shared/domain/settlement/sum-statement.ts'
import { type UnstatedGroupBuy, whyUnstated } from '#shared/domain/settlement/why-unstated.ts'
import { fen } from '#shared/kernel/money.ts'

type Line = StatedShare['lines'][number]
const line = (offerId: string, quantity: number, amountFen: number, back: Partial<Record<string, number>> = {}) =>
  ({
    offerId,
    quantity,
    dropped: 0,
    amountFen: fen(amountFen),
    reversed: Object.entries(back).map(([reason, amount]) => ({ reason, amountFen: fen(amount ?? 0) })),
  }) as Line
const share = (compoundId: string, ...lines: Line[]): StatedShare => ({ compoundId, lines })
const fund = (
  compoundId: string,
  salesFen: number,
  reversedFen: number,
  postedFen: number,
  saleCount = 1,
): FundSums => ({
  ...{ compoundId, salesFen, reversedFen, postedFen, saleCount },
})
const figuresOf = (...given: Parameters<typeof sumStatement>) => {
  const summed = sumStatement(...given)
  if (summed.kind !== 'figures') throw new Error(`waits for ${summed.compoundIds.join()}`)
  return summed.figures
}

describe('the sums of a statement', () => {
  const shares = [
    share('c-1', line('tomato', 2, 1_720, { 'price-step': 40, shortage: 840 }), line('melon', 1, 3_000)),
    share('c-2', line('tomato', 1, 860, { 'price-step': 20 })),
  ]
  const funds = [fund('c-1', 4_720, 880, 76), fund('c-2', 860, 20, 17)]

  it('are sales less what went back less what the funds have posted', () => {
    expect(figuresOf(shares, funds, ['melon', 'tomato']).sums).toEqual({
      salesFen: 5_580,
      reversedFen: 900,
      postedFen: 93,
      payableFen: 4_587,
    })
  })

  it('are the same by goods, with the reasons why money went back, and by compound', () => {
    const { offers, compounds } = figuresOf(shares, funds, ['melon', 'tomato', 'pear'])
    expect(offers).toEqual([
      { offerId: 'melon', portions: 1, droppedPortions: 0, salesFen: 3_000, reversedFen: 0, reversed: [] },
      {
        offerId: 'tomato',
        portions: 3,
        droppedPortions: 0,
        salesFen: 2_580,
        reversedFen: 900,
        reversed: [
          { reason: 'price-step', amountFen: 60 },
          { reason: 'shortage', amountFen: 840 },
        ],
      },
    ])
    expect(compounds).toEqual([
      { compoundId: 'c-1', salesFen: 4_720, reversedFen: 880, postedFen: 76, payableFen: 3_764 },
      { compoundId: 'c-2', salesFen: 860, reversedFen: 20, postedFen: 17, payableFen: 823 },
    ])
  })

  it.each([
    ['a sale', [fund('c-1', 4_720, 880, 76)]],
    ['a reversal', [fund('c-1', 4_720, 880, 76), fund('c-2', 860, 0, 17)]],
    ['one of two sales of the same sum', [fund('c-1', 4_720, 880, 76, 2), fund('c-2', 860, 20, 17)]],
  ])('wait as long as a fund has not posted %s', (_what, posted) => {
    expect(sumStatement(shares, posted, ['melon', 'tomato']).kind).toBe('waits')
  })

  it('wait as long as a fund knows a sale that we do not', () => {
    expect(sumStatement([], funds, [])).toEqual({ kind: 'waits', compoundIds: ['c-1', 'c-2'] })
  })

  it('tell a fen that a fund keeps of sales that all went back', () => {
    const all = [share('c-1', line('tomato', 1, 860, { 'failed-group': 860 }))]
    expect(figuresOf(all, [fund('c-1', 860, 860, 1)], ['tomato']).sums.payableFen).toBe(-1)
  })
})

const sums = (salesFen: number, reversedFen: number, postedFen: number): StatementSums =>
  ({ salesFen, reversedFen, postedFen, payableFen: salesFen - reversedFen - postedFen }) as StatementSums
const part = (n: number, state: StatementState, of: StatementSums, version = 1): StatedPart => ({
  ...{ part: n, state, sums: of, version },
})

describe('what is stated of a group buy', () => {
  const before = sums(1_000, 0, 20)
  const after = sums(1_000, 300, 14)

  it('is its first statement', () => {
    expect(decideStatement(before, [])).toEqual({ kind: 'add', part: 1, statedFen: 0 })
  })
  it('is nothing when nothing is left of it anywhere', () => {
    expect(decideStatement(sums(860, 860, 0), [])).toEqual({ kind: 'same' })
  })
  it('is a fen that a fund gave back or kept', () => {
    expect(decideStatement(sums(860, 860, 1), [])).toMatchObject({ kind: 'add', part: 1 })
    expect(decideStatement(sums(860, 859, 1), [])).toMatchObject({ kind: 'add', part: 1 })
  })
  it('is not stated twice', () => {
    for (const state of statementStates) expect(decideStatement(before, [part(1, state, before)]).kind).toBe('same')
  })
  it('is revised as long as nobody has confirmed it', () => {
    for (const state of ['open', 'disputed'] as const) {
      expect(decideStatement(after, [part(1, state, before, 3)])).toEqual({
        ...{ kind: 'revise', part: 1, version: 4, statedFen: 0 },
      })
    }
  })
  it('is told by another statement once the first is confirmed', () => {
    for (const state of ['confirmed', 'paid'] as const) {
      expect(decideStatement(after, [part(1, state, before)])).toEqual({ kind: 'add', part: 2, statedFen: 980 })
    }
  })
  it('is revised in the last statement against those before it', () => {
    const parts = [part(1, 'paid', before), part(2, 'open', after)]
    expect(decideStatement(sums(1_000, 500, 10), parts)).toEqual({
      ...{ kind: 'revise', part: 2, version: 2, statedFen: 980 },
    })
  })

  it('adds up to what is payable, whatever changes and whoever confirms in between', () => {
    const change = fc.record({
      sums: fc.tuple(fc.nat(9_999), fc.nat(9_999), fc.integer({ min: -2, max: 300 })),
      confirms: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const due = new Map<number, number>()
        let parts: StatedPart[] = []
        for (const { sums: given, confirms } of changes) {
          const now = sums(...given)
          const decision = decideStatement(now, parts)
          if (decision.kind === 'same')
            expect([...due.values()].reduce((sum, each) => sum + each, 0)).toBe(now.payableFen)
          else {
            const version = decision.kind === 'revise' ? decision.version : 1
            if (decision.kind === 'add') expect(due.has(decision.part)).toBe(false)
            parts = [...parts.filter((each) => each.part !== decision.part), part(decision.part, 'open', now, version)]
            due.set(decision.part, now.payableFen - decision.statedFen)
            expect([...due.values()].reduce((sum, each) => sum + each, 0)).toBe(now.payableFen)
          }
          if (confirms) parts = parts.map((each) => ({ ...each, state: 'confirmed' }))
        }
      }),
    )
  })
})

describe('the states of a statement', () => {
  it('are all known and reached, and each can be paid in the end', () => {
    expect(Object.keys(statementTransitions).sort()).toEqual([...statementStates].sort())
    const reach = (from: StatementState) => {
      const seen = new Set([from])
      for (const state of seen) for (const to of statementTransitions[state]) seen.add(to)
      return seen
    }
    expect([...reach('open')].sort()).toEqual([...statementStates].sort())
    for (const state of statementStates) expect(reach(state)).toContain('paid')
  })

  const statement = { state: 'open', version: 2, disputes: 1 } as const

  it.each(['confirmed', 'disputed'] as const)('an open one becomes %s for who saw its figures', (to) => {
    expect(decideAnswer(statement, to, 2)).toEqual({ kind: 'decided' })
    expect(decideAnswer(statement, to, 1)).toMatchObject({ code: 'STATEMENT_MOVED' })
  })
  it('a disputed one is answered, never confirmed', () => {
    expect(decideAnswer({ ...statement, state: 'disputed' }, 'open', 2)).toEqual({ kind: 'decided' })
    expect(decideAnswer({ ...statement, state: 'disputed' }, 'confirmed', 2)).toMatchObject({ code: 'WRONG_STATE' })
  })
  it.each(['confirmed', 'paid'] as const)('one that is %s is disputed no more', (state) => {
    expect(decideAnswer({ ...statement, state }, 'disputed', 2)).toMatchObject({ code: 'WRONG_STATE' })
  })
  it('is not disputed for ever', () => {
    expect([refuseEndless({ disputes: 14 }), refuseEndless({ disputes: 15 })?.code]).toEqual([
      undefined,
      'TOO_MANY_STEPS',
    ])
  })
})

describe('silence about a statement', () => {
  const openSinceAt = '2026-11-20T04:00:00.000Z'
  const hear = (dueFen: number, now: string, state: StatementState = 'open') =>
    decideSilence({ state, dueFen, openSinceAt }, now)

  it('of seven days confirms what the co-op has nothing to get for', () => {
    expect(hear(-980, '2026-11-27T03:59:59.999Z')).toEqual({ kind: 'wait', untilAt: '2026-11-27T04:00:00.000Z' })
    expect(hear(-980, '2026-11-27T04:00:00.000Z')).toEqual({ kind: 'confirm' })
    expect(hear(0, '2026-11-27T04:00:00.000Z')).toEqual({ kind: 'confirm' })
  })

  it('never confirms what it is owed, nor what it disputes', () => {
    expect(hear(1, '2027-11-27T04:00:00.000Z')).toEqual({ kind: 'speaks' })
    for (const state of ['disputed', 'confirmed', 'paying', 'paid'] as const) {
      expect(hear(-1, '2027-11-27T04:00:00.000Z', state)).toEqual({ kind: 'speaks' })
    }
  })
})

describe('a group buy without a statement', () => {
  const groupBuy: UnstatedGroupBuy = {
    ...{ state: 'distributing', closesAt: '2026-11-20T12:00:00.000Z', pickUpEndsAt: '2026-11-22T12:00:00.000Z' },
    ...{ isWatched: false, openClaims: 0 },
  }
  const why = (now: string, more: Partial<UnstatedGroupBuy> = {}, hours = 48) =>
    whyUnstated({ ...groupBuy, ...more }, hours, now)

  it('waits for pick-up, then for the after-sales window, then for claims, then for the clock and the fund', () => {
    expect(why('2026-11-22T11:59:59.999Z')).toEqual({ because: 'pick-up', untilAt: groupBuy.pickUpEndsAt })
    expect(why('2026-11-22T12:00:00.000Z')).toEqual({ because: 'after-sales', untilAt: '2026-11-24T12:00:00.000Z' })
    expect(why('2026-11-24T12:00:00.000Z', { openClaims: 2 })).toEqual({ because: 'claims' })
    expect(why('2026-11-24T12:00:00.000Z')).toEqual({ because: 'clock' })
    expect(why('2026-11-22T12:00:00.000Z', {}, 0)).toEqual({ because: 'clock' })
    const salesSettledAt = '2026-11-24T12:00:00.000Z'
    expect(why('2026-11-24T12:01:00.000Z', { state: 'settled', salesSettledAt, isWatched: true })).toEqual({
      because: 'fund',
    })
  })

  it('waits for nothing when it did not take place, is not closed, or has nothing to state', () => {
    for (const state of ['draft', 'scheduled', 'open', 'closing', 'failed', 'ended', 'cancelled'] as const) {
      expect(why('2026-11-30T12:00:00.000Z', { state })).toBeUndefined()
    }
    expect(
      why('2026-11-30T12:00:00.000Z', { state: 'settled', salesSettledAt: '2026-11-24T12:00:00.000Z' }),
    ).toBeUndefined()
  })
})
