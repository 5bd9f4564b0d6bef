import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLAIMS_PER_SHARE_MAX } from '#shared/contracts/claims.ts'
import { decideAccept, isOverdue } from '#shared/domain/claims/decide-claim.ts'
import { type ClaimFacts, decideFileClaim } from '#shared/domain/claims/file-claim.ts'
import { claimedBackOf, moneyForClaimed, portionsKept } from '#shared/kernel/claimed.ts'
import { fen } from '#shared/kernel/money.ts'

const line = (more: object = {}) => ({
  ...{ lineId: '1-1', name: '番茄', quantity: 3, amountFen: fen(1000), refundedFen: fen(0) },
  ...{ dropped: 0, handedOut: 3, claimedBack: 0 },
  ...more,
})
const NOW = '2026-11-02T08:00:00.000Z'
type Share = NonNullable<ClaimFacts['share']>
const facts = (more: Partial<Share> = {}, orderState = 'paid'): ClaimFacts => ({
  orderState,
  share: {
    state: 'collected',
    pickUpStartsAt: '2026-11-01T08:00:00.000Z',
    claimUntil: '2026-11-03T08:00:00.000Z',
    claimCount: 0,
    lines: [line()],
    ...more,
  },
})
const wants = (portions: number, lineId = '1-1') => [{ lineId, portions }]
const decided = (given: ClaimFacts, lines = wants(1), now = NOW) => {
  const decision = decideFileClaim(given, lines, now)
  return decision.kind === 'filed' ? 'filed' : decision.code
}

describe('a household claims', () => {
  it('for what it bought and kept, while the window is open', () => {
    expect(decided(facts())).toBe('filed')
    expect(decided(facts(), wants(3))).toBe('filed')
    expect(decided(facts(), wants(4))).toBe('TOO_MANY_PORTIONS')
  })

  it('from the begin of pick-up, or the first hand-out before it', () => {
    const soon = { pickUpStartsAt: '2026-11-02T08:00:00.001Z' }
    expect(decided(facts({ ...soon, lines: [line({ handedOut: 0 })] }))).toBe('CLAIM_NOT_YET')
    expect(decided(facts({ ...soon, lines: [line({ handedOut: 1 })] }))).toBe('filed')
    expect(decided(facts({ pickUpStartsAt: NOW, lines: [line({ handedOut: 0 })] }))).toBe('filed')
  })

  it('until the sale settles', () => {
    expect(decided(facts({ claimUntil: '2026-11-02T08:00:00.001Z' }))).toBe('filed')
    expect(decided(facts({ claimUntil: NOW }))).toBe('CLAIM_WINDOW_OVER')
    expect(decided(facts({ claimUntil: undefined }))).toBe('CLAIM_WINDOW_OVER')
    expect(decided(facts({ settledAt: '2026-11-01T09:00:00.000Z' }))).toBe('CLAIM_WINDOW_OVER')
  })

  it('not for what went back already', () => {
    expect(decided(facts({ lines: [line({ dropped: 1 })] }), wants(3))).toBe('TOO_MANY_PORTIONS')
    expect(decided(facts({ lines: [line({ claimedBack: 1 })] }), wants(3))).toBe('TOO_MANY_PORTIONS')
    expect(decided(facts({ lines: [line({ refundedFen: fen(1000) })] }))).toBe('TOO_MANY_PORTIONS')
    expect(decided(facts({ state: 'failed' }))).toBe('CLAIM_NOT_YET')
  })

  it('for lines of that share, each once, and not without end', () => {
    expect(decided(facts(), wants(1, '2-1'))).toBe('UNKNOWN_LINE')
    expect(decided(facts(), [...wants(1), ...wants(1)])).toBe('DUPLICATE_LINE')
    expect(decided(facts({ claimCount: CLAIMS_PER_SHARE_MAX }))).toBe('TOO_MANY_CLAIMS')
    expect(decided(facts({}, 'pending_payment'))).toBe('ORDER_NOT_PAID')
    expect(decided({ orderState: 'paid', share: undefined })).toBe('UNKNOWN_LINE')
  })
})

describe('what goes back for portions', () => {
  it('is their part of what the line costs by now, rounded in the buyer’s favour', () => {
    expect(moneyForClaimed(line(), 1)).toBe(334)
    expect(moneyForClaimed(line({ refundedFen: fen(334), claimedBack: 1 }), 1)).toBe(333)
    expect(moneyForClaimed(line({ refundedFen: fen(667), claimedBack: 2 }), 1)).toBe(333)
  })

  it('adds up to what was paid, however it is claimed', () => {
    const parts = fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      amount: fc.integer({ min: 20, max: 100_000 }),
      each: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 25 }),
    })
    fc.assert(
      fc.property(parts, ({ quantity, amount, each }) => {
        let now = line({ quantity, amountFen: fen(amount), handedOut: quantity })
        for (const portions of each) {
          const kept = portionsKept(now)
          if (kept === 0) break
          const back = Math.min(portions, kept)
          const money = moneyForClaimed(now, back)
          now = { ...now, refundedFen: fen(now.refundedFen + money), claimedBack: now.claimedBack + back }
          expect(now.refundedFen).toBeLessThanOrEqual(amount)
          // Never less than the exact part.
          expect(now.refundedFen * quantity).toBeGreaterThanOrEqual(amount * now.claimedBack)
        }
        if (now.claimedBack === quantity) expect(now.refundedFen).toBe(amount)
      }),
    )
  })

  it('counts what earlier claims gave back of goods that were handed out, and only that', () => {
    const back = (portions: number | undefined, why: object | undefined) => ({
      lines: [{ saleId: 's', lineId: '1-1', ...(portions ? { portions } : {}), ...(why ? { why } : {}) }],
    })
    const claim = (portions?: number) => ({ kind: 'claim', ...(portions ? { portions } : {}) })
    const refunds = [back(undefined, claim(2)), back(1, claim(3)), back(undefined, claim()), back(4, undefined)]
    expect(claimedBackOf(refunds as never, 's', '1-1')).toBe(4)
    expect(claimedBackOf(refunds as never, 'other', '1-1')).toBe(0)
  })
})

describe('a worker accepts', () => {
  const claim = { claimId: 'c', saleId: 's', reason: 'broken', lines: [{ lineId: '1-1', portions: 2 }] } as const
  const accept = (accepted: Parameters<typeof decideAccept>[2], of = line()) => {
    const decision = decideAccept(claim, [of, line({ lineId: '1-2' })], accepted)
    return decision.kind === 'accepted' ? decision.wanted : decision.code
  }

  it('wholly, or fewer portions', () => {
    expect(accept([{ lineId: '1-1', portions: 2 }])).toMatchObject([{ amountFen: 667, portions: 0 }])
    expect(accept([{ lineId: '1-1', portions: 1 }])).toMatchObject([
      { saleId: 's', amountFen: 334, why: { kind: 'claim', claimId: 'c', reason: 'broken', portions: 1 } },
    ])
  })

  it('a part of the price, up to what the claimed portions cost', () => {
    expect(accept([{ lineId: '1-1', amountFen: fen(1) }])).toMatchObject([{ amountFen: 1 }])
    expect(accept([{ lineId: '1-1', amountFen: fen(667) }])).toMatchObject([{ amountFen: 667 }])
    expect(accept([{ lineId: '1-1', amountFen: fen(668) }])).toBe('REFUND_TOO_LARGE')
    expect(accept([{ lineId: '1-1', amountFen: fen(1) }], line({ refundedFen: fen(1000) }))).toBe('REFUND_TOO_LARGE')
  })

  it('never more than was claimed, nor other lines', () => {
    expect(accept([{ lineId: '1-1', portions: 3 }])).toBe('TOO_MANY_PORTIONS')
    expect(accept([{ lineId: '1-1', portions: 2 }], line({ dropped: 2 }))).toBe('TOO_MANY_PORTIONS')
    expect(accept([{ lineId: '1-2', portions: 1 }])).toBe('UNKNOWN_LINE')
    expect(
      accept([
        { lineId: '1-1', portions: 1 },
        { lineId: '1-1', portions: 1 },
      ]),
    ).toBe('DUPLICATE_LINE')
  })

  it('and what still lies at the counter is not handed out any more', () => {
    expect(accept([{ lineId: '1-1', portions: 2 }], line({ handedOut: 2 }))).toMatchObject([{ portions: 1 }])
    expect(accept([{ lineId: '1-1', portions: 2 }], line({ handedOut: 0 }))).toMatchObject([{ portions: 2 }])
  })

  it('within three days, or it is overdue', () => {
    const filedAt = '2026-11-01T00:00:00.000Z'
    expect(isOverdue({ state: 'open', filedAt }, '2026-11-03T23:59:59.999Z')).toBe(false)
    expect(isOverdue({ state: 'open', filedAt }, '2026-11-04T00:00:00.000Z')).toBe(true)
    expect(isOverdue({ state: 'declined', filedAt }, '2026-12-04T00:00:00.000Z')).toBe(false)
  })
})
