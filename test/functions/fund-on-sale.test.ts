import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/on-sale.ts'
import { NoAnswer, ServiceError } from '#functions/platform/aws/json-service.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { startBackend, type Backend, lives } from '../fixtures/backend.ts'
import { historyWithDeliveries } from '../domain/fund-history.ts'
import { referenceFund } from '../domain/fund-reference.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, disturb, eventIds, ledgerOf, record } from './fund-table.ts'

let backend: Backend
let calm = () => {}

beforeAll(async () => {
  backend = await startBackend()
})
afterEach(() => {
  calm()
  calm = () => {}
  vi.useRealTimers()
})
afterAll(() => backend.stop())

let funds = 0
const newFund = () => `c-fund-${(funds += 1)}`

/** The same events for a fund of their own. */
const at = (fundId: string, events: readonly SaleEvent[]): SaleEvent[] =>
  events.map((event) => ({ ...event, compoundId: fundId }))

async function expectFund(fundId: string, events: readonly SaleEvent[]) {
  const ledger = await ledgerOf(backend, fundId)
  const expected = referenceFund(events)
  expect(ledger.verified.problems).toEqual([])
  expect(ledger.entries.map((entry) => entry.eventId).sort()).toEqual(eventIds(events))
  expect(ledger.head?.balances).toEqual(expected.balances)
  return ledger
}

describe('sales that the stream brings', () => {
  it('are posted, each once, chained, with a marker', async () => {
    const fund = newFund()
    const events = at(fund, [sale('s1', 860), sale('s2', 990), sale('s3', 0)])
    expect(await deliver(handler, events)).toEqual({ batchItemFailures: [] })
    const ledger = await expectFund(fund, events)
    const markers = (await backend.scan('ledger')).filter(({ PK }) => String(PK).startsWith(`FUND#${fund}#M#`))
    expect(markers.map(({ saleId }) => saleId).sort()).toEqual(['s1', 's2', 's3'])
    expect(ledger.entries.map((entry) => entry.seq)).toEqual([1, 2, 3])
  })

  it('of many funds in one batch go each to its own', async () => {
    const one = newFund()
    const other = newFund()
    const mixed = [...at(one, [sale('s1', 100)]), ...at(other, [sale('s2', 200)]), ...at(one, [sale('s3', 300)])]
    expect(await deliver(handler, mixed)).toEqual({ batchItemFailures: [] })
    await expectFund(one, [mixed[0] as SaleEvent, mixed[2] as SaleEvent])
    await expectFund(other, [mixed[1] as SaleEvent])
  })

  it('in one batch of 100 are posted in transactions of at most 20 events', async () => {
    const fund = newFund()
    const events = at(
      fund,
      Array.from({ length: 100 }, (_none, n) => sale(`s${n}`, 860 + n)),
    )
    const sizes: number[] = []
    calm = disturb({ before: ({ input }) => void sizes.push(input.TransactItems?.length ?? 0) })
    expect(await deliver(handler, events)).toEqual({ batchItemFailures: [] })
    expect(sizes).toEqual([41, 41, 41, 41, 41])
    await expectFund(fund, events)
  })

  it('told again in another batch change nothing', async () => {
    const fund = newFund()
    const events = at(fund, [sale('s1', 860), reversal('r1', 's1', 60), settlement('s1')])
    await record(backend, events)
    await deliver(handler, events)
    const before = await ledgerOf(backend, fund)
    expect(await deliver(handler, [...events, ...events])).toEqual({ batchItemFailures: [] })
    expect((await ledgerOf(backend, fund)).own).toEqual(before.own)
  })
})

describe('sales alone, whose markers are not read at first', () => {
  it('told again are refused by their markers, read, and dropped; a new one among them is posted', async () => {
    const fund = newFund()
    const first = at(fund, [sale('s1', 860), sale('s2', 990)])
    await deliver(handler, first)
    const more = at(fund, [sale('s2', 990), sale('s3', 333), sale('s1', 860)])
    expect(await deliver(handler, more)).toEqual({ batchItemFailures: [] })
    await expectFund(fund, [...first, ...more])
  })
})

describe('a reversal or settlement that comes before its sale', () => {
  it('takes the sale from the market and posts it first, in the same transaction', async () => {
    const fund = newFund()
    const events = at(fund, [sale('s1', 10_000), reversal('r1', 's1', 4_000), settlement('s1')])
    await record(backend, events)
    let transactions = 0
    calm = disturb({ before: () => void (transactions += 1) })
    await deliver(handler, events.slice(1))
    expect(transactions).toBe(1)
    const ledger = await expectFund(fund, events)
    expect(ledger.entries[0]?.kind).toBe('sale')
    await deliver(handler, events.slice(0, 1))
    await expectFund(fund, events)
  })

  it('twenty at once with twenty sales brought along still fit one transaction', async () => {
    const fund = newFund()
    const sales = at(
      fund,
      Array.from({ length: 20 }, (_none, n) => sale(`s${n}`, 1_000)),
    )
    const reversals = at(
      fund,
      Array.from({ length: 20 }, (_none, n) => reversal(`r${n}`, `s${n}`, 1_000)),
    )
    await record(backend, sales)
    const sizes: number[] = []
    calm = disturb({ before: ({ input }) => void sizes.push(input.TransactItems?.length ?? 0) })
    await deliver(handler, reversals)
    expect(sizes).toEqual([81])
    await expectFund(fund, [...sales, ...reversals])
  })

  it('is reported, and alone, when the market has no such sale', async () => {
    const fund = newFund()
    const events = at(fund, [sale('s1', 100), reversal('r1', 'nowhere', 100), sale('s2', 100)])
    expect(await deliver(handler, events)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    await expectFund(fund, at(fund, [sale('s1', 100), sale('s2', 100)]))
  })
})

describe('more reversed than sold', () => {
  it('is never posted, also when two copies of the handler post two reversals at once (I4)', async () => {
    const fund = newFund()
    const [sold, one, other] = at(fund, [sale('s1', 100), reversal('r1', 's1', 60), reversal('r2', 's1', 60)])
    await deliver(handler, [sold as SaleEvent])
    const answers = await Promise.all([deliver(handler, [one as SaleEvent]), deliver(handler, [other as SaleEvent])])
    expect(answers.flatMap((answer) => answer.batchItemFailures)).toHaveLength(1)
    const ledger = await ledgerOf(backend, fund)
    expect(ledger.entries).toHaveLength(2)
    expect(ledger.verified.ok).toBe(true)
  })
})

describe('trouble on the way', () => {
  const events = (fund: string) => at(fund, [sale('s1', 860), sale('s2', 990), sale('s3', 333)])

  it('a cancelled transaction is read and decided again', async () => {
    const fund = newFund()
    let cancelled = 0
    calm = disturb({
      before: ({ input }) => {
        if (cancelled++ < 5) throw cancellation(input.TransactItems?.length ?? 0, 'ConditionalCheckFailed')
      },
    })
    expect(await deliver(handler, events(fund))).toEqual({ batchItemFailures: [] })
    expect(cancelled).toBe(6)
    await expectFund(fund, events(fund))
  })

  it('a conflict is tried again', async () => {
    const fund = newFund()
    let conflicts = 0
    calm = disturb({
      before: ({ input }) => {
        if (conflicts++ < 3) throw cancellation(input.TransactItems?.length ?? 0, 'TransactionConflict')
      },
    })
    expect(await deliver(handler, events(fund))).toEqual({ batchItemFailures: [] })
    await expectFund(fund, events(fund))
  })

  it('a time-out after the commit posts nothing twice', async () => {
    const fund = newFund()
    let timeouts = 0
    calm = disturb({
      after: () => {
        if (timeouts++ < 2) throw new NoAnswer('socket hang up')
      },
    })
    expect(await deliver(handler, events(fund))).toEqual({ batchItemFailures: [] })
    await expectFund(fund, events(fund))
  })

  it('a crash between two transactions loses nothing and doubles nothing when the batch comes again', async () => {
    const fund = newFund()
    const many = at(
      fund,
      Array.from({ length: 50 }, (_none, n) => sale(`s${n}`, 100 + n)),
    )
    let transactions = 0
    calm = disturb({
      before: () => {
        if (++transactions > 1) throw new CrashedHere()
      },
    })
    const answer = await deliver(handler, many)
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '20' }])
    calm()
    await deliver(handler, many)
    await expectFund(fund, many)
  })

  it('one event that cannot be written holds up only itself', async () => {
    const fund = newFund()
    const poison = at(fund, [sale('s 2', 100)])[0] as SaleEvent
    const all = [...at(fund, [sale('s1', 100)]), poison, ...at(fund, [sale('s3', 100)])]
    expect(await deliver(handler, all)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    await expectFund(fund, [all[0] as SaleEvent, all[2] as SaleEvent])
  })

  it('an engine that stays busy fails the whole batch from its first record and posts nothing', async () => {
    const fund = newFund()
    calm = disturb({
      before: ({ input }) => {
        throw cancellation(input.TransactItems?.length ?? 0, 'ThrottlingError')
      },
    })
    expect(await deliver(handler, events(fund))).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] })
    expect((await ledgerOf(backend, fund)).own).toEqual([])
  })
})

describe('whatever the delivery', () => {
  it('two copies of the handler fed at the same time, in different orders and batches, make the one right fund', async () => {
    await fc.assert(
      fc.asyncProperty(historyWithDeliveries, async ([history, one, other]) => {
        const fund = newFund()
        const events = at(fund, history)
        await record(backend, events)
        const feed = async (batches: typeof one) => {
          for (const batch of batches) {
            const own = at(fund, batch)
            const { batchItemFailures } = await deliver(handler, own)
            // The platform replays from the lowest failed record; nothing may need more than that.
            if (batchItemFailures.length > 0) await deliver(handler, own)
          }
        }
        await Promise.all([feed(one), feed(other)])
        await expectFund(fund, events)
      }),
      { numRuns: lives(12) },
    )
  }, 120_000)

  it('twelve copies of one batch at the same time post it once', async () => {
    const fund = newFund()
    const events = at(fund, [sale('s1', 860), reversal('r1', 's1', 860), sale('s2', 990), settlement('s2')])
    await record(backend, events)
    await Promise.all(Array.from({ length: 12 }, () => deliver(handler, events)))
    await expectFund(fund, events)
  })
})

class CrashedHere extends Error {
  override readonly name = 'CrashedHere'
}

function cancellation(items: number, code: string) {
  return new ServiceError('TransactionCanceledException', 400, {
    message: 'cancelled',
    CancellationReasons: Array.from({ length: items }, (_none, at) => ({ Code: at === 0 ? code : 'None' })),
  })
}
