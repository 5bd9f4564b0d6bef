import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findingKinds, FINDINGS_MAX } from '#shared/contracts/payments-reconciliation.ts'
import {
  comparePayment,
  foundTwice,
  type OurPayment,
  type OurRefund,
  type TheirPayment,
  type TheirRefund,
  UNDER_WAY_MS,
} from '#shared/domain/payments/compare-payment.ts'
import { noLongerFound, reportOf, someOf, sumByKind } from '#shared/domain/payments/reconciliation-report.ts'
import { plusMs } from '#shared/kernel/time.ts'

const NOW = '2026-11-27T04:00:00.000Z'
const YOUNG = plusMs(NOW, -UNDER_WAY_MS)
const OLD = plusMs(YOUNG, -1)

const refund = (more: Partial<OurRefund> = {}): OurRefund => ({
  ...{ refundId: 'r1', amountFen: 300, state: 'succeeded', route: 'provider', decidedAt: OLD },
  ...more,
})
const paid = (...refunds: OurRefund[]): OurPayment => ({ orderId: 'o1', amountFen: 1000, currency: 'cny', refunds })
const given = (more: Partial<TheirRefund> = {}): TheirRefund => ({
  ...{ providerRefundId: 're_1', refundId: 'r1', amountFen: 300, state: 'succeeded' },
  ...more,
})
const came = (...refunds: TheirRefund[]): TheirPayment => ({ payment: { amountFen: 1000, currency: 'cny' }, refunds })
const compare = (ours: OurPayment | undefined, theirs: TheirPayment) => comparePayment('pi_1', ours, theirs, NOW)
const kinds = (ours: OurPayment | undefined, theirs: TheirPayment) => compare(ours, theirs).map(({ kind }) => kind)

describe('a payment', () => {
  it('that both sides hold alike is no difference', () => {
    expect(compare(paid(), came())).toEqual([])
    expect(compare(paid(refund()), came(given()))).toEqual([])
    expect(compare(undefined, { payment: undefined, refunds: [] })).toEqual([])
  })

  it('that one side does not know is named with its whole sum', () => {
    expect(compare(paid(), { payment: undefined, refunds: [] })).toEqual([
      { kind: 'payment-missing', paymentId: 'pi_1', orderId: 'o1', amountFen: 1000, oursFen: 1000 },
    ])
    expect(compare(undefined, came())).toEqual([
      { kind: 'payment-unknown', paymentId: 'pi_1', amountFen: 1000, theirsFen: 1000 },
    ])
  })

  it('of another sum or currency is named with what differs', () => {
    const less = { payment: { amountFen: 990, currency: 'cny' }, refunds: [] }
    expect(compare(paid(), less)).toMatchObject([{ kind: 'payment-amount-differs', amountFen: 10, theirsFen: 990 }])
    const dollars = { payment: { amountFen: 1000, currency: 'usd' }, refunds: [] }
    expect(compare(paid(), dollars)).toMatchObject([{ kind: 'payment-amount-differs', amountFen: 1000 }])
  })

  it('in another currency on both sides says so, for its sums are not yuan', () => {
    const foreign = { amountFen: 5, currency: 'usd' }
    expect(compare({ ...foreign, refunds: [] }, { payment: undefined, refunds: [] })).toMatchObject([
      { kind: 'payment-missing', currency: 'usd' },
    ])
  })
})

describe('a refund', () => {
  it('made by hand at the provider is none of ours; one that failed there moved no money', () => {
    expect(compare(paid(), came(given({ refundId: undefined })))).toEqual([
      {
        ...{ kind: 'refund-not-ours', paymentId: 'pi_1', orderId: 'o1', providerRefundId: 're_1' },
        ...{ amountFen: 300, theirsFen: 300, theirs: 'succeeded' },
      },
    ])
    expect(kinds(paid(), came(given({ refundId: 'of-another-system' })))).toEqual(['refund-not-ours'])
    expect(kinds(paid(), came(given({ refundId: undefined, state: 'failed' })))).toEqual([])
  })

  it('of another sum is named with what differs', () => {
    expect(compare(paid(refund()), came(given({ amountFen: 290 })))).toMatchObject([
      { kind: 'refund-amount-differs', refundId: 'r1', amountFen: 10, oursFen: 300, theirsFen: 290 },
    ])
  })

  // Ours, theirs, and what is found of one that was decided just now, and long ago.
  it.each([
    ['decided', 'none', '', 'refund-missing'],
    ['decided', 'pending', '', 'refund-state-differs'],
    ['decided', 'succeeded', '', 'refund-state-differs'],
    ['decided', 'failed', '', 'refund-state-differs'],
    ['asked', 'none', 'refund-missing', 'refund-missing'],
    ['asked', 'pending', '', ''],
    ['asked', 'succeeded', '', 'refund-state-differs'],
    ['asked', 'failed', '', 'refund-state-differs'],
    ['succeeded', 'none', 'refund-missing', 'refund-missing'],
    ['succeeded', 'pending', 'refund-state-differs', 'refund-state-differs'],
    ['succeeded', 'succeeded', '', ''],
    ['succeeded', 'failed', 'refund-state-differs', 'refund-state-differs'],
    ['failed', 'none', '', ''],
    ['failed', 'pending', 'refund-state-differs', 'refund-state-differs'],
    ['failed', 'succeeded', 'refund-state-differs', 'refund-state-differs'],
    ['failed', 'failed', '', ''],
  ] as const)('that is %s with us and %s there', (ours, theirs, young, old) => {
    const there = theirs === 'none' ? [] : [given({ state: theirs })]
    const found = (decidedAt: string) => kinds(paid(refund({ state: ours, decidedAt })), came(...there)).join()
    expect([found(YOUNG), found(OLD)]).toEqual([young, old])
  })

  it('that failed there and was asked anew is what the new one is', () => {
    const twice = came(given({ state: 'failed' }), given({ providerRefundId: 're_2' }))
    expect(compare(paid(refund()), twice)).toEqual([])
  })

  it('that the provider made twice, or that went another way as well, is paid twice', () => {
    const twice = came(given(), given({ providerRefundId: 're_2' }))
    expect(compare(paid(refund()), twice)).toMatchObject([{ kind: 'refunded-twice', amountFen: 300, theirsFen: 600 }])
    const half = came(given({ state: 'pending' }), given({ providerRefundId: 're_2' }))
    expect(compare(paid(refund()), half)).toMatchObject([
      { kind: 'refund-state-differs', theirs: 'pending' },
      { kind: 'refunded-twice' },
    ])
    const inCash = paid(refund({ route: 'elsewhere' }))
    expect(compare(inCash, came(given()))).toMatchObject([{ kind: 'refunded-twice', amountFen: 300 }])
    expect(compare(inCash, came(given({ state: 'failed' })))).toEqual([])
    expect(compare(inCash, came())).toEqual([])
  })

  it('that gives back more than came is named, whoever paid it', () => {
    expect(compare(paid(refund({ amountFen: 1001 })), came(given({ amountFen: 1001 })))).toMatchObject([
      { kind: 'more-back-than-came', amountFen: 1 },
    ])
    // Decided and not asked yet.
    const decided = paid(refund({ amountFen: 1005, state: 'decided', decidedAt: YOUNG }))
    expect(compare(decided, came())).toMatchObject([{ kind: 'more-back-than-came', amountFen: 5, theirsFen: 0 }])
    // By hand at the provider, after it was handed back in cash.
    const both = compare(paid(refund({ amountFen: 800, route: 'elsewhere' })), came(given({ refundId: undefined })))
    expect(both).toMatchObject([
      { kind: 'refund-not-ours', amountFen: 300 },
      { kind: 'more-back-than-came', amountFen: 100, oursFen: 800, theirsFen: 1100 },
    ])
  })
})

describe('what moved while both sides were read', () => {
  it('is found with the records of before or of after only, and is no difference', () => {
    const there = came(given({ state: 'pending' }))
    const before = compare(paid(), there)
    const after = compare(paid(refund({ state: 'asked' })), there)
    expect(foundTwice(before, after)).toEqual([])
    expect(foundTwice(after, before)).toEqual([])
    const stays = compare(paid(refund({ state: 'failed' })), there)
    expect(foundTwice(stays, stays)).toEqual(stays)
  })
})

/**
 * Histories as they really end on both sides, one refund each: what we hold, and what the provider has. Each with what
 * becomes visible if one side is tampered with.
 */
const stories = {
  'decided just now, not asked yet': [{ state: 'decided', decidedAt: YOUNG }, []],
  'asked just now, the answer lost': [{ state: 'decided', decidedAt: YOUNG }, ['pending']],
  'granted just now, the answer lost': [{ state: 'decided', decidedAt: YOUNG }, ['succeeded']],
  'at the provider for days': [{ state: 'asked' }, ['pending']],
  'done just now, not told yet': [{ state: 'asked', decidedAt: YOUNG }, ['succeeded']],
  'failed just now, not told yet': [{ state: 'asked', decidedAt: YOUNG }, ['failed']],
  done: [{}, ['succeeded']],
  'done at the second go': [{}, ['failed', 'succeeded']],
  'failed there': [{ state: 'failed' }, ['failed']],
  'refused at once': [{ state: 'failed' }, []],
  'handed back in cash after it failed': [{ route: 'elsewhere' }, ['failed']],
  'taken by the bank': [{ route: 'elsewhere' }, []],
  'paid by a person after it failed': [{ state: 'failed', route: 'elsewhere' }, ['failed']],
} as const satisfies Record<string, readonly [Partial<OurRefund>, readonly TheirRefund['state'][]]>

type Story = keyof typeof stories
type Case = { ours: OurRefund | undefined; theirs: TheirRefund[]; expected: string[] }
const lives = (theirs: readonly TheirRefund[]) => theirs.filter(({ state }) => state !== 'failed')
const isSettled = ({ state, route }: OurRefund) => state === 'succeeded' && route === 'provider'

/** Each changes one side of one refund, and says what has to be found for it. `undefined`: it does not fit this story. */
const tamperings = {
  'nobody did anything': (each: Case): Case => each,
  'the provider lost it': ({ ours, theirs }: Case) => {
    if (ours === undefined || lives(theirs).length === 0) return undefined
    if (isSettled(ours) || ours.state === 'asked')
      return { ours, theirs: [], expected: [`refund-missing ${ours.refundId}`] }
    return { ours, theirs: [], expected: [] }
  },
  'the provider gives another sum': ({ ours, theirs }: Case) => {
    const [live] = lives(theirs)
    if (ours === undefined || live === undefined) return undefined
    const changed = { ...live, amountFen: live.amountFen + 1 }
    return {
      ...{ ours, theirs: theirs.map((each) => (each === live ? changed : each)) },
      expected: [`refund-amount-differs ${ours.refundId}`],
    }
  },
  'the provider’s failed after all': ({ ours, theirs }: Case) => {
    if (ours === undefined || !isSettled(ours)) return undefined
    const failed = theirs.map((each) => ({ ...each, state: 'failed' as const }))
    return { ours, theirs: failed, expected: [`refund-state-differs ${ours.refundId}`] }
  },
  'the provider did it after all': ({ ours, theirs }: Case) => {
    if (ours === undefined || (ours.state !== 'failed' && ours.route !== 'elsewhere')) return undefined
    const late = { ...ours, providerRefundId: `late-${ours.refundId}`, state: 'succeeded' as const }
    const kind = ours.route === 'elsewhere' ? 'refunded-twice' : 'refund-state-differs'
    return { ours, theirs: [...theirs, late], expected: [`${kind} ${ours.refundId}`] }
  },
  'the provider did it twice': ({ ours, theirs }: Case) => {
    const [live] = lives(theirs)
    if (ours === undefined || live === undefined) return undefined
    const again = { ...live, providerRefundId: `again-${live.providerRefundId}` }
    return { ours, theirs: [...theirs, again], expected: [`refunded-twice ${ours.refundId}`] }
  },
  'ours is gone': ({ theirs }: Case) => ({
    ...{ ours: undefined, theirs },
    expected: lives(theirs).map(({ refundId }) => `refund-not-ours ${refundId}`),
  }),
  'ours says done': ({ ours, theirs }: Case) => {
    if (ours === undefined || ours.route === 'elsewhere' || theirs.some(({ state }) => state === 'succeeded'))
      return undefined
    const kind = theirs.length === 0 ? 'refund-missing' : 'refund-state-differs'
    return { ours: { ...ours, state: 'succeeded' as const }, theirs, expected: [`${kind} ${ours.refundId}`] }
  },
  'ours says failed': ({ ours, theirs }: Case) => {
    if (ours === undefined || ours.route === 'elsewhere' || lives(theirs).length === 0) return undefined
    return { ours: { ...ours, state: 'failed' as const }, theirs, expected: [`refund-state-differs ${ours.refundId}`] }
  },
  'nobody went on with it': ({ ours, theirs }: Case) => {
    if (ours === undefined || ours.decidedAt !== YOUNG) return undefined
    const kind = theirs.length === 0 ? 'refund-missing' : 'refund-state-differs'
    return { ours: { ...ours, decidedAt: OLD }, theirs, expected: [`${kind} ${ours.refundId}`] }
  },
} as const satisfies Record<string, (each: Case) => Case | undefined>

const paymentTamperings = [
  'nothing',
  'nothing',
  'nothing',
  'lost there',
  'another sum there',
  'gone here',
  'by hand',
] as const

const aRefund = fc.record({
  story: fc.constantFrom(...(Object.keys(stories) as Story[])),
  tampering: fc.constantFrom(...(Object.keys(tamperings) as (keyof typeof tamperings)[])),
  amountFen: fc.integer({ min: 1, max: 500 }),
})
const aPayment = fc.record({
  refunds: fc.array(aRefund, { maxLength: 5 }),
  spareFen: fc.integer({ min: 0, max: 400 }),
  tampering: fc.constantFrom(...paymentTamperings),
})

function told({ story, amountFen }: { story: Story; amountFen: number }, refundId: string): Case {
  const [ours, theirs] = stories[story]
  return {
    ours: refund({ ...ours, refundId, amountFen }),
    theirs: theirs.map((state, n) => ({ providerRefundId: `re_${refundId}_${n}`, refundId, amountFen, state })),
    expected: [],
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0)

/** A whole payment after the tampering, and all that has to be found, from what was done and not from the comparison. */
function scene({ refunds, spareFen, tampering }: typeof aPayment extends fc.Arbitrary<infer T> ? T : never) {
  const cases = refunds.map((each, n) => {
    const before = told(each, `r${n}`)
    return tamperings[each.tampering](before) ?? before
  })
  const amountFen = sum(refunds.map((each) => each.amountFen)) + spareFen
  let theirs: TheirPayment = {
    payment: { amountFen, currency: 'cny' },
    refunds: cases.flatMap((each) => each.theirs),
  }
  const ourRefunds = cases.flatMap(({ ours }) => (ours === undefined ? [] : [ours]))
  let ours: OurPayment | undefined = { orderId: 'o1', amountFen, currency: 'cny', refunds: ourRefunds }
  let expected = cases.flatMap((each) => each.expected)
  if (tampering === 'lost there') {
    theirs = { ...theirs, payment: undefined }
    expected = [...expected, 'payment-missing ']
  }
  if (tampering === 'another sum there') {
    theirs = { ...theirs, payment: { amountFen: amountFen + 7, currency: 'cny' } }
    expected = [...expected, 'payment-amount-differs ']
  }
  if (tampering === 'gone here') {
    ours = undefined
    expected = ['payment-unknown ', ...lives(theirs.refunds).map(({ refundId }) => `refund-not-ours ${refundId}`)]
  }
  if (tampering === 'by hand') {
    theirs = {
      ...theirs,
      refunds: [...theirs.refunds, given({ providerRefundId: 're_hand', refundId: undefined, amountFen: 9 })],
    }
    expected = [...expected, 'refund-not-ours ']
  }
  const cameFen = amountFen + (tampering === 'another sum there' ? 7 : 0)
  const decidedFen = ours === undefined ? 0 : sum(ourRefunds.map((each) => each.amountFen))
  const wentFen =
    sum(lives(theirs.refunds).map((each) => each.amountFen)) +
    (ours === undefined
      ? 0
      : sum(ourRefunds.filter(({ route }) => route === 'elsewhere').map((each) => each.amountFen)))
  if (Math.max(decidedFen, wentFen) > cameFen) expected = [...expected, 'more-back-than-came ']
  return { ours, theirs, expected }
}

describe('whatever happened, and whoever tampered with either side', () => {
  const named = (found: ReturnType<typeof compare>) =>
    found.map(({ kind, refundId }) => `${kind} ${refundId ?? ''}`).sort()

  it('every difference is found, and nothing else', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(aPayment, (wanted) => {
        const { ours, theirs, expected } = scene(wanted)
        const found = compare(ours, theirs)
        expect(named(found)).toEqual([...expected].sort())
        for (const each of found) {
          seen.add(each.kind)
          expect(Number.isSafeInteger(each.amountFen) && each.amountFen >= 0).toBe(true)
        }
        // The order in which either side lists its refunds changes nothing.
        const turned = { ...theirs, refunds: [...theirs.refunds].reverse() }
        expect(named(compare(ours, turned))).toEqual(named(found))
      }),
      { numRuns: 3_000 },
    )
    // What the reconcile does itself, and what it cannot read, is found by no comparison.
    const others = ['payment-applied', 'payment-parked', 'not-compared']
    expect([...seen, ...others].sort()).toEqual([...findingKinds].sort())
  })

  it('a history that nobody tampered with has no difference', () => {
    const honest = fc.array(
      aRefund.map((each) => ({ ...each, tampering: 'nobody did anything' as const })),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(honest, fc.nat(400), (refunds, spareFen) => {
        const { ours, theirs } = scene({ refunds, spareFen, tampering: 'nothing' })
        expect(compare(ours, theirs)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the report of a comparison', () => {
  const finding = (kind: (typeof findingKinds)[number], amountFen: number, more: object = {}) => ({
    ...{ kind, paymentId: 'pi_1', amountFen },
    ...more,
  })
  const part = (findings: ReturnType<typeof finding>[], more: object = {}) => ({
    ...{ runId: 'run', by: 'night' as const, since: OLD, startedAt: NOW, endedAt: NOW },
    ...{ checked: 2, applied: 1, parked: 0, refunds: 3, orders: 4, parkedMoney: 5 },
    ...{ kinds: sumByKind(findings), findings: someOf(findings), ...more },
  })

  it('counts and sums by kind over all its parts; what is not yuan is counted and not summed', () => {
    const first = part([finding('refund-missing', 30), finding('payment-applied', 7)], { cursor: 'there' })
    const dollars = finding('refund-missing', 500, { currency: 'usd' })
    const second = part([finding('refund-missing', 12), dollars])
    expect(reportOf([first])).toMatchObject({ done: false, cursor: 'there', checked: 2 })
    const report = reportOf([first, second])
    expect(report).toMatchObject({
      done: true,
      checked: 4,
      applied: 2,
      refunds: 6,
      orders: 8,
      parkedMoney: 10,
      left: 0,
    })
    expect(report.kinds).toEqual([
      { kind: 'payment-applied', count: 1, sumFen: 7 },
      { kind: 'refund-missing', count: 3, sumFen: 42 },
    ])
    expect(report).not.toHaveProperty('cursor')
  })

  it('shows differences before what was done when there are more than it may hold, and says how many are left', () => {
    const done = Array.from({ length: FINDINGS_MAX }, () => finding('payment-applied', 1))
    const report = reportOf([part(done), part([finding('refunded-twice', 9)])])
    expect(report.findings).toHaveLength(FINDINGS_MAX)
    expect(report.findings[0]).toMatchObject({ kind: 'refunded-twice' })
    expect(report.left).toBe(1)
    expect(report.kinds).toMatchObject([{ count: FINDINGS_MAX, sumFen: FINDINGS_MAX }, { count: 1 }])
  })

  it('keeps what earlier ones found and the last one does not: once, with the moment it was found last', () => {
    const at = (startedAt: string, ...findings: ReturnType<typeof finding>[]) => part(findings, { startedAt })
    const byHand = finding('refund-not-ours', 5, { providerRefundId: 're_1' })
    const other = finding('refund-not-ours', 5, { providerRefundId: 're_2' })
    const [first, second, third] = ['2026-11-01', '2026-11-02', '2026-11-03'].map((day) => `${day}T20:00:00.000Z`) as [
      string,
      string,
      string,
    ]
    const earlier = [
      at(first, byHand, finding('payment-missing', 9)),
      at(second, byHand, finding('payment-applied', 7)),
    ]
    expect(noLongerFound([at(third, finding('payment-missing', 9))], earlier)).toEqual([{ ...byHand, foundAt: second }])
    expect(noLongerFound([at(third, other)], [at(first, byHand), at(second, byHand)])).toEqual([
      { ...byHand, foundAt: second },
    ])
    expect(noLongerFound([at(third, byHand)], [at(second, byHand)])).toEqual([])
  })
})
