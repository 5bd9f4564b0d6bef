import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { emptyHead, type FundHead } from '#shared/domain/fund/head.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import { postEvents } from '#shared/domain/fund/post-events.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { checkEverything } from '../../cdk/tools/demo/checks.ts'
import type { Evidence, FundEvidence, OrderRecord } from '../../cdk/tools/demo/records.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const FUND = 'c-1'
const AT = '2026-11-23T02:00:00.000Z'

/** A small true day: three orders of two co-ops paid, one given back in part, one never paid; all settled. */
const amounts = [1_290, 8_615, 2_377]
const orderIds = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`)
const REVERSED = 377

function events(): SaleEvent[] {
  const sale = (n: number): SaleEvent => ({
    type: 'sale.recorded.v1',
    saleId: `sale-${n}`,
    channel: 'group-buy',
    groupBuyId: 'gb-1',
    compoundId: FUND,
    communityId: 'community-1',
    villageId: `village-${n % 2}`,
    coopId: `coop-${n % 2}`,
    amountFen: amounts[n] as never,
    rateBps: 200,
    agreementId: `agreement-${n % 2}`,
    agreementVersion: 1,
    occurredAt: AT,
  })
  const base = { saleDay: '2026-11-23', compoundId: FUND, occurredAt: AT }
  const settled = (n: number): SaleEvent => ({ type: 'sale.settled.v1', saleId: `sale-${n}`, ...base })
  return [
    sale(0),
    sale(1),
    settled(0),
    {
      type: 'sale.reversed.v1',
      reversalId: 'refund-1.1',
      saleId: 'sale-1',
      amountFen: REVERSED as never,
      reason: 'refund',
      ...base,
    },
    sale(2),
    settled(1),
    settled(2),
  ]
}

type Book = { entries: LedgerEntry[]; head: FundHead }

function ledger(): Book {
  let head = emptyHead(FUND, sha256)
  const entries: LedgerEntry[] = []
  const sales = new Map()
  for (const event of events()) {
    const posted = postEvents(head, { sales, reversals: new Map() }, [event], AT, sha256)
    expect(posted.refused).toEqual([])
    for (const { after } of posted.sales) sales.set(after.saleId, after)
    entries.push(...posted.entries)
    head = posted.head
  }
  return { entries, head }
}

const jsonlOf = ({ entries, head }: Book) => [...entries.map(canonicalJson), ledgerHeadLine(head), ''].join('\n')

/** Seals changed entries again, so that only what they say is wrong and not how they are chained. */
function resealed(entries: readonly LedgerEntry[]): LedgerEntry[] {
  let previous = sha256(FUND)
  return entries.map((entry, at) => {
    const { hash: _old, ...unsealed } = { ...entry, seq: at + 1, prevHash: previous }
    previous = sha256(canonicalJson(unsealed))
    return { ...unsealed, hash: previous }
  })
}

function fundOf(book: Book): FundEvidence {
  const { entries, head } = book
  const { balances } = head
  const sales = (entry: LedgerEntry) => entry.postings.find(({ account }) => account === 'sales')?.deltaFen ?? 0
  return {
    compound: { compoundId: FUND, name: '示例小区', communityName: '示例社区' },
    jsonl: jsonlOf(book),
    csv: [
      'seq,amountFen,salesFen,hash',
      ...entries.map((e) => [e.seq, e.amountFen, sales(e), e.hash].join(',')),
      '',
    ].join('\n'),
    page: {
      seq: head.seq,
      hash: head.hash,
      balances: {
        pendingFen: balances.pending,
        availableFen: balances.available,
        reservedFen: balances.reserved,
        clawbackFen: 0 - balances.clawback,
        dueFen: balances.due,
        cashFen: balances.cash,
      },
      carryE4Fen: head.donors.reduce((sum, donor) => sum + (donor.accruedE4Fen % 10_000), 0),
      total: {
        salesFen: head.totals.salesFen,
        reversedFen: head.totals.reversedFen,
        postedFen: 0 - balances.sales,
        saleCount: head.totals.saleCount,
      },
    },
    listed: entries.map(({ seq, hash }) => ({ seq, hash })).reverse(),
    reconciled: { ok: true, posted: 0, problems: [] },
  }
}

function orderOf(n: number): OrderRecord {
  const paid = n < 3
  const amountFen = amounts[n] ?? 500
  const refunded = n === 1 ? REVERSED : 0
  const view = {
    orderId: orderIds[n],
    state: paid ? 'paid' : 'expired',
    amountFen,
    refundedFen: refunded,
    shares: [{ saleId: `sale-${n}`, amountFen, refundedFen: refunded, rateBps: 200 }],
    refunds: refunded === 0 ? [] : [{ refundId: 'refund-1', state: 'succeeded', amountFen: refunded }],
  } as unknown as NonNullable<OrderRecord['view']>
  const perSale = [{ saleId: `sale-${n}`, amountFen: refunded }]
  return {
    orderId: orderIds[n] ?? '',
    account: `resident-${n}`,
    compoundId: FUND,
    communityId: 'community-1',
    story: paid ? 'paid' : 'never-paid',
    lines: [{ groupBuyId: 'gb-1', offerId: 'offer-1', quantity: n + 1, unitPriceFen: 100 }],
    amountFen,
    payments: paid ? [{ sessionId: `cs-${n}`, amountFen }] : [],
    refunds: refunded === 0 ? [] : [{ refundId: 'refund-1', by: 'worker-1', perSale, amountFen: refunded }],
    view,
  }
}

function evidence(book: Book = ledger()): Evidence {
  return {
    orders: [0, 1, 2, 3].map(orderOf),
    funds: [fundOf(book)],
    stockBefore: [{ groupBuyId: 'gb-1', offerId: 'offer-1', stock: 20, left: 20 }],
    stockAfter: [{ groupBuyId: 'gb-1', offerId: 'offer-1', stock: 20, left: 14 }],
    parkedOpen: 0,
    parkedSeen: [],
    providerRefunds: 1,
    alone: true,
    settled: true,
  }
}

const broken = (changed: Evidence) => [...new Set(checkEverything(changed).findings.map(({ invariant }) => invariant))]

/** The true ledger with some entries changed; the head as it was. */
function withEntries(change: (entries: LedgerEntry[]) => LedgerEntry[]): Evidence {
  const { entries, head } = ledger()
  return evidence({ entries: resealed(change(entries)), head })
}

function withFund(change: (fund: FundEvidence) => FundEvidence): Evidence {
  const whole = evidence()
  return { ...whole, funds: whole.funds.map(change) }
}

const withPosting = (at: number, account: string, more: number) =>
  withEntries((entries) =>
    entries.map((entry, n) =>
      n !== at
        ? entry
        : {
            ...entry,
            postings: entry.postings.map((posting) =>
              posting.account === account ? { ...posting, deltaFen: posting.deltaFen + more } : posting,
            ),
          },
    ),
  )

describe('the demonstration judges what it finds', () => {
  it('has nothing to say against a true day', () => {
    expect(checkEverything(evidence()).findings).toEqual([])
  })

  it('I1: an entry that does not sum to zero', () => {
    expect(broken(withPosting(0, 'pending', 1))).toContain('I1')
  })

  it('I2: a fen that moved to the fund and is not 2 % of anything', () => {
    const changed = withEntries((entries) =>
      entries.map((entry, n) =>
        n === 1
          ? {
              ...entry,
              postings: entry.postings.map((p) => ({ ...p, deltaFen: p.deltaFen + (p.account === 'sales' ? -1 : 1) })),
            }
          : entry,
      ),
    )
    expect(broken(changed)).toContain('I2')
    expect(broken(changed)).not.toContain('I1')
  })

  it('I2: a carry that was dropped', () => {
    const changed = withEntries((entries) => entries.map((entry) => ({ ...entry, donorCarryAfter: 0 })))
    expect(broken(changed)).toContain('I2')
  })

  it('I3: a sale that is entered twice', () => {
    expect(broken(withEntries((entries) => [...entries, entries[0] as LedgerEntry]))).toContain('I3')
  })

  it('I3 and I9: an entry that is missing', () => {
    expect(broken(withEntries((entries) => entries.filter((_entry, n) => n !== 4 && n !== 6)))).toContain('I9')
    expect(broken(withEntries((entries) => entries.filter((_entry, n) => n !== 3)))).toEqual(
      expect.arrayContaining(['I3', 'I4']),
    )
  })

  it('I4: more reversed than sold', () => {
    const changed = withEntries((entries) =>
      entries.map((e) => (e.kind === 'reversal' ? { ...e, amountFen: -9_000 } : e)),
    )
    expect(broken(changed)).toContain('I4')
  })

  it('I5: an account below zero on the way', () => {
    const shifted = withEntries((entries) =>
      entries.map((entry, n) =>
        n === 0
          ? {
              ...entry,
              postings: [
                { account: 'available' as const, deltaFen: -5 },
                { account: 'pending' as const, deltaFen: 5 },
              ],
            }
          : entry,
      ),
    )
    expect(broken(shifted)).toContain('I5')
  })

  it('I6: a stored balance that is not the fold', () => {
    const { entries, head } = ledger()
    const more = { ...head, balances: { ...head.balances, available: head.balances.available + 1 } }
    expect(broken(evidence({ entries, head: more }))).toContain('I6')
    const [first, ...rest] = head.donors
    if (first === undefined) throw new Error('a day has donors')
    const other = { ...head, donors: [{ ...first, settledE4Fen: first.settledE4Fen - 200 }, ...rest] }
    expect(broken(evidence({ entries, head: other }))).toContain('I6')
  })

  it('I7: money that became available by the order of events and not by their sums', () => {
    const { entries, head } = ledger()
    const early = entries.map((entry, n) =>
      n === 1
        ? {
            ...entry,
            postings: entry.postings.map((p) =>
              p.account === 'pending' ? { ...p, account: 'available' as const } : p,
            ),
          }
        : entry,
    )
    expect(broken(evidence({ entries: resealed(early), head }))).toContain('I7')
  })

  it('I8: a changed byte, a gap, a cut tail, another spelling', () => {
    const whole = evidence()
    const [fund] = whole.funds
    if (fund === undefined) throw new Error('there is a fund')
    const judged = (jsonl: string) => broken({ ...whole, funds: [{ ...fund, jsonl }] })
    expect(judged(fund.jsonl.replace('"village-1"', '"village-9"'))).toContain('I8')
    const lines = fund.jsonl.split('\n')
    expect(judged(lines.filter((_line, n) => n !== 2).join('\n'))).toContain('I8')
    expect(judged(`${lines.slice(0, -2).join('\n')}\n`)).toContain('I8')
    expect(judged(fund.jsonl.replace('{"agreementId"', '{ "agreementId"'))).toContain('I8')
  })

  it('I9: a sale that nobody made', () => {
    const whole = evidence()
    expect(broken({ ...whole, orders: whole.orders.filter((_order, n) => n !== 0) })).toContain('I9')
  })

  it('I9: what the system’s own sweep had to mend', () => {
    expect(broken(withFund((fund) => ({ ...fund, reconciled: { ok: true, posted: 1, problems: [] } })))).toContain('I9')
    expect(broken(withFund((fund) => ({ ...fund, reconciled: { ok: false, posted: 0, problems: ['x'] } })))).toContain(
      'I9',
    )
  })

  it('I10: a page, a list or a table that shows something else', () => {
    const page = (change: object) => withFund((fund) => ({ ...fund, page: { ...fund.page, ...change } }))
    const { total, balances } = evidence().funds[0]?.page ?? { total: undefined, balances: {} }
    expect(broken(page({ total: { ...total, postedFen: 1 } }))).toEqual(['I10'])
    expect(broken(page({ balances: { ...balances, dueFen: 1 } }))).toEqual(['I10'])
    expect(broken(page({ carryE4Fen: 1 }))).toEqual(['I10'])
    expect(broken(withFund((fund) => ({ ...fund, listed: fund.listed.slice(1) })))).toContain('I10')
    expect(broken(withFund((fund) => ({ ...fund, csv: fund.csv.replace('1290', '1291') })))).toEqual(['I10'])
  })

  const withOrder = (n: number, change: Partial<OrderRecord>): Evidence => {
    const whole = evidence()
    return { ...whole, orders: whole.orders.map((order, at) => (at === n ? { ...order, ...change } : order)) }
  }

  it('MONEY: money that came in and was not recorded, or is still parked, or never went back', () => {
    expect(broken(withOrder(0, { payments: [] }))).toEqual(['MONEY'])
    expect(broken({ ...evidence(), parkedOpen: 1 })).toEqual(['MONEY'])
    expect(broken({ ...evidence(), providerRefunds: 2 })).toEqual(['MONEY'])
    const twice = {
      story: 'paid-twice' as const,
      payments: [1, 2].map((n) => ({ sessionId: `cs-${n}`, amountFen: 1_290 })),
    }
    expect(broken({ ...withOrder(0, twice), providerRefunds: 1 })).toEqual(['MONEY'])
    expect(broken({ ...withOrder(0, twice), providerRefunds: 2 })).toEqual([])
    expect(broken({ ...withOrder(0, twice), providerRefunds: undefined })).toEqual(['MONEY'])
    const parkedSeen = [{ orderId: orderIds[0] ?? '', amountFen: 1_290, reason: 'second-payment' }]
    expect(broken({ ...withOrder(0, twice), providerRefunds: undefined, parkedSeen })).toEqual([])
  })

  it('STOCK: goods that did not come back, or were sold twice', () => {
    const left = (left: number) =>
      broken({ ...evidence(), stockAfter: [{ groupBuyId: 'gb-1', offerId: 'offer-1', stock: 20, left }] })
    expect(left(10)).toEqual(['STOCK'])
    expect(left(15)).toEqual(['STOCK'])
  })

  it('ORDERS and REFUNDS: an order or refund that did not end', () => {
    const view = orderOf(3).view
    if (view === undefined) throw new Error('an order has a view')
    expect(broken(withOrder(3, { view: { ...view, state: 'pending_payment' } }))).toEqual(['ORDERS'])
    const refunded = orderOf(1).view
    if (refunded === undefined) throw new Error('an order has a view')
    const asked = refunded.refunds.map((refund) => ({ ...refund, state: 'asked' as const }))
    expect(broken(withOrder(1, { view: { ...refunded, refunds: asked } }))).toEqual(['REFUNDS'])
  })
})
