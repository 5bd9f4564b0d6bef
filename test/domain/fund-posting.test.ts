import { describe, expect, it } from 'vitest'
import { saleEntryKinds } from '#shared/contracts/fund.ts'
import { saleStates, saleTransitions } from '#shared/domain/fund/sale-states.ts'
import { FUND, NOON, reversal, sale, saleWithoutAgreement, settlement, sha256, StoryLedger } from './fund-story.ts'

const only = <Item>(items: readonly Item[]): Item => {
  expect(items).toHaveLength(1)
  return items[0] as Item
}

describe('a sale', () => {
  it('moves 2 % of ¥8.60 into pending and carries the rest exactly', () => {
    const ledger = new StoryLedger()
    const entry = only(ledger.post([sale('s1', 860)]).entries)
    expect(entry).toMatchObject({
      v: 1,
      fundId: FUND,
      seq: 1,
      kind: 'sale',
      eventId: 'sale:s1',
      saleId: 's1',
      amountFen: 860,
      rateBps: 200,
      donorCarryAfter: 2_000,
      postings: [
        { account: 'sales', deltaFen: -17 },
        { account: 'pending', deltaFen: 17 },
      ],
      prevHash: sha256(FUND),
    })
    expect(ledger.head.balances).toMatchObject({ sales: -17, pending: 17, available: 0, due: 0 })
  })

  it('names no household, no order, no person', () => {
    const ledger = new StoryLedger()
    const entry = only(ledger.post([sale('s1', 860)]).entries)
    expect(Object.keys(entry).sort()).toEqual(
      'agreementId agreementVersion amountFen channel coopId donorCarryAfter eventId fundId groupBuyId hash kind occurredAt postedAt postings prevHash rateBps saleId seq v villageId'.split(
        ' ',
      ),
    )
  })

  it('posts 0 and is listed and counted when no agreement was in force', () => {
    const ledger = new StoryLedger()
    const entry = only(ledger.post([saleWithoutAgreement('s1', 860)]).entries)
    expect(entry).toMatchObject({ amountFen: 860, rateBps: 0, postings: [], donorCarryAfter: 0 })
    expect(ledger.head.totals).toMatchObject({ saleCount: 1, unagreedSaleCount: 1, unagreedSalesFen: 860 })
    expect(ledger.head.donors).toEqual([])
  })

  it('with a rate but without an agreement is refused: nobody would know whose gift it is', () => {
    const ledger = new StoryLedger()
    const broken = { ...saleWithoutAgreement('s1', 860), rateBps: 200 } as ReturnType<typeof sale>
    expect(ledger.post([broken]).refused).toEqual([{ event: broken, code: 'RATE_WITHOUT_AGREEMENT' }])
    expect(ledger.entries).toEqual([])
  })

  it('of another compound is refused and holds up nobody', () => {
    const ledger = new StoryLedger()
    const foreign = sale('s1', 100, { compoundId: 'c-other' })
    const posted = ledger.post([foreign, sale('s2', 100)])
    expect(posted.refused).toEqual([{ event: foreign, code: 'OTHER_FUND' }])
    expect(posted.entries.map((entry) => entry.saleId)).toEqual(['s2'])
  })

  it('told twice is posted once (I3)', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 860), sale('s1', 860)])
    ledger.post([sale('s1', 860)])
    expect(ledger.entries).toHaveLength(1)
  })

  it('told again with another amount is refused, not posted and not forgotten', () => {
    const ledger = new StoryLedger([])
    ledger.post([sale('s1', 860)])
    const other = sale('s1', 861)
    expect(ledger.post([other]).refused).toEqual([{ event: other, code: 'EVENT_DIFFERS' }])
    expect(ledger.entries).toHaveLength(1)
  })

  it('keeps the carries of two donors apart', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 49), sale('s2', 49, { coopId: 'coop-2' }), sale('s3', 49, { agreementId: 'agr-2' })])
    // 3 × 0.98 fen: one carry for all would have posted 2 fen that no donor owes yet.
    expect(ledger.head.balances.sales).toBe(0)
    expect(ledger.head.donors).toEqual([
      { agreementId: 'agr-1', coopId: 'coop-1', accruedE4Fen: 9_800, settledE4Fen: 0 },
      { agreementId: 'agr-1', coopId: 'coop-2', accruedE4Fen: 9_800, settledE4Fen: 0 },
      { agreementId: 'agr-2', coopId: 'coop-1', accruedE4Fen: 9_800, settledE4Fen: 0 },
    ])
  })

  it('of the largest amount at the largest rate stays exact', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 1_000_000_000, { rateBps: 1_000 }), sale('s2', 999_999_999, { rateBps: 999 })])
    expect(ledger.head.donors[0]?.accruedE4Fen).toBe(1_998_999_999_001)
    expect(ledger.head.balances.pending).toBe(199_899_999)
  })
})

describe('a settlement', () => {
  it('moves pending to available and the same to due', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 860)])
    const entry = only(ledger.post([settlement('s1')]).entries)
    expect(entry).toMatchObject({
      kind: 'settlement',
      eventId: 'settlement:s1',
      amountFen: 0,
      rateBps: 200,
      postings: [
        { account: 'pending', deltaFen: -17 },
        { account: 'available', deltaFen: 17 },
        { account: 'settled', deltaFen: -17 },
        { account: 'due', deltaFen: 17 },
      ],
    })
  })

  it('happens once', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 860), settlement('s1'), settlement('s1')])
    ledger.post([settlement('s1')])
    expect(ledger.entries.map((entry) => entry.kind)).toEqual(['sale', 'settlement'])
  })

  it('settles what is left of a sale', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), reversal('r1', 's1', 4_000), settlement('s1')])
    expect(ledger.head.balances).toMatchObject({ pending: 0, available: 120, due: 120, settled: -120 })
  })

  it('of one sale never takes the pending of another below zero', () => {
    // Each sale posts 0 or 1 fen by luck of the carry; moving "that sale's posted" would go wrong here.
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 30), sale('s2', 30), sale('s3', 30)])
    ledger.post([settlement('s2'), settlement('s3')])
    expect(ledger.head.balances).toMatchObject({ pending: 0, available: 1 })
    ledger.post([settlement('s1')])
    expect(ledger.head.balances).toMatchObject({ pending: 0, available: 1 })
  })

  it('of a sale that the market does not have is refused', () => {
    const ledger = new StoryLedger()
    expect(ledger.post([settlement('s1')]).refused.map(({ code }) => code)).toEqual(['SALE_UNKNOWN'])
  })
})

describe('a reversal', () => {
  it('before settlement takes back from pending at the rate of its sale', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000, { rateBps: 300 })])
    const entry = only(ledger.post([reversal('r1', 's1', 5_000)]).entries)
    expect(entry).toMatchObject({
      kind: 'reversal',
      eventId: 'reversal:r1',
      saleId: 's1',
      amountFen: -5_000,
      rateBps: 300,
      postings: [
        { account: 'sales', deltaFen: 150 },
        { account: 'pending', deltaFen: -150 },
      ],
    })
  })

  it('after settlement takes back from available and from due', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), settlement('s1')])
    const entry = only(ledger.post([reversal('r1', 's1', 5_000)]).entries)
    expect(entry.postings).toEqual([
      { account: 'sales', deltaFen: 100 },
      { account: 'available', deltaFen: -100 },
      { account: 'settled', deltaFen: 100 },
      { account: 'due', deltaFen: -100 },
    ])
  })

  it('never eats what is reserved: the rest is owed back, and later gifts pay it first', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 10_000), settlement('s1')])
    // A proposal has reserved all of it.
    ledger.head = { ...ledger.head, balances: { ...ledger.head.balances, available: 0, reserved: 200 } }
    ledger.post([reversal('r1', 's1', 10_000)])
    expect(ledger.head.balances).toMatchObject({ reserved: 200, available: 0, clawback: -200, pending: 0 })
    ledger.post([sale('s2', 15_000), settlement('s2')])
    expect(ledger.head.balances).toMatchObject({ reserved: 200, available: 100, clawback: 0 })
  })

  it('that comes first posts its sale first, in the same posting', () => {
    const ledger = new StoryLedger([sale('s1', 10_000)])
    const posted = ledger.post([reversal('r1', 's1', 10_000)])
    expect(posted.entries.map((entry) => entry.eventId)).toEqual(['sale:s1', 'reversal:r1'])
    expect(ledger.head.balances.sales).toBe(0)
    ledger.post([sale('s1', 10_000)])
    expect(ledger.entries).toHaveLength(2)
  })

  it('of a sale that the market does not have is refused', () => {
    const ledger = new StoryLedger()
    expect(ledger.post([reversal('r1', 's1', 1)]).refused.map(({ code }) => code)).toEqual(['SALE_UNKNOWN'])
  })

  it('of exactly all that is left is posted, of one fen more is refused (I4)', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 100), reversal('r1', 's1', 60)])
    expect(ledger.post([reversal('r2', 's1', 41)]).refused.map(({ code }) => code)).toEqual(['REVERSED_MORE_THAN_SOLD'])
    expect(ledger.post([reversal('r3', 's1', 40)]).refused).toEqual([])
    expect(ledger.head.balances.sales).toBe(0)
    expect(ledger.head.donors[0]).toMatchObject({ accruedE4Fen: 0 })
  })

  it('told twice is posted once, told with another amount is refused', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 100), reversal('r1', 's1', 10), reversal('r1', 's1', 10)])
    expect(ledger.post([reversal('r1', 's1', 10)]).refused).toEqual([])
    expect(ledger.post([reversal('r1', 's1', 11)]).refused.map(({ code }) => code)).toEqual(['EVENT_DIFFERS'])
    expect(ledger.entries).toHaveLength(2)
  })

  it('in two halves is the same as in one', () => {
    const whole = new StoryLedger()
    whole.post([sale('s1', 12_345), settlement('s1'), reversal('r1', 's1', 12_344)])
    const halves = new StoryLedger()
    halves.post([sale('s1', 12_345), reversal('r1', 's1', 6_172), settlement('s1'), reversal('r2', 's1', 6_172)])
    expect(halves.head.balances).toEqual(whole.head.balances)
    expect(halves.head.donors).toEqual(whole.head.donors)
  })
})

describe('ledger time', () => {
  it('never runs backwards when a clock does', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 100)], '2026-11-23T04:00:00.000Z')
    ledger.post([sale('s2', 100)], '2026-11-23T03:59:00.000Z')
    expect(ledger.entries.map((entry) => entry.postedAt)).toEqual([
      '2026-11-23T04:00:00.000Z',
      '2026-11-23T04:00:00.000Z',
    ])
  })

  it('closes a Shanghai day with the first entry of a later one, and says where the fund stood', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 1_000), sale('s2', 500, { groupBuyId: 'gb-2' })], '2026-11-23T15:59:59.999Z')
    expect(ledger.closedDays).toEqual([])
    const before = ledger.head
    ledger.post([sale('s3', 100)], '2026-11-23T16:00:00.000Z')
    expect(ledger.closedDays).toEqual([
      {
        day: '2026-11-23',
        entryCount: 2,
        cells: before.openDay?.cells,
        seq: 2,
        hash: before.hash,
        balances: before.balances,
        donors: before.donors,
        totals: before.totals,
      },
    ])
    expect(ledger.head.openDay).toMatchObject({ day: '2026-11-24', entryCount: 1 })
  })

  it('does not close a day when everything told is known already', () => {
    const ledger = new StoryLedger()
    ledger.post([sale('s1', 1_000)], '2026-11-23T15:00:00.000Z')
    ledger.post([sale('s1', 1_000)], '2026-11-24T15:00:00.000Z')
    expect(ledger.closedDays).toEqual([])
    expect(ledger.head.openDay?.day).toBe('2026-11-23')
  })
})

describe('sums of a day', () => {
  it('are kept by village, co-op and group buy, and by fair', () => {
    const ledger = new StoryLedger()
    ledger.post([
      sale('s1', 10_000),
      sale('s2', 5_000),
      sale('s3', 1_000, { groupBuyId: undefined, channel: 'fair', fairId: 'fair-1' }),
      reversal('r1', 's1', 2_500),
      settlement('s2'),
    ])
    expect(ledger.head.openDay?.cells).toEqual([
      {
        villageId: 'zhuzhuang',
        coopId: 'coop-1',
        fairId: 'fair-1',
        salesFen: 1_000,
        reversedFen: 0,
        postedFen: 20,
        saleCount: 1,
      },
      {
        villageId: 'zhuzhuang',
        coopId: 'coop-1',
        groupBuyId: 'gb-1',
        salesFen: 15_000,
        reversedFen: 2_500,
        postedFen: 250,
        saleCount: 2,
      },
    ])
  })
})

describe('the states of a sale', () => {
  it('are all known, reachable and left by known kinds of entries only', () => {
    const reachable = new Set(['unposted', ...saleStates.flatMap((state) => Object.values(saleTransitions[state]))])
    expect([...reachable].sort()).toEqual([...saleStates].sort())
    expect(Object.keys(saleTransitions).sort()).toEqual([...saleStates].sort())
    for (const state of saleStates) {
      for (const kind of Object.keys(saleTransitions[state])) expect(saleEntryKinds).toContain(kind)
    }
  })

  it('are followed by the ledger, kind by kind', () => {
    const histories = { unposted: [], open: [sale('s1', 100)], settled: [sale('s1', 100), settlement('s1')] } as const
    const events = { sale: sale('s1', 100), reversal: reversal('r1', 's1', 1), settlement: settlement('s1') } as const
    for (const state of saleStates) {
      for (const kind of saleEntryKinds) {
        const ledger = new StoryLedger()
        ledger.post(histories[state], NOON)
        const posted = ledger.post([events[kind]], NOON).entries.map((entry) => entry.kind)
        expect([state, kind, posted]).toEqual([state, kind, saleTransitions[state][kind] === undefined ? [] : [kind]])
      }
    }
  })
})
