import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Listing } from '#shared/contracts/catalogue.ts'
import { groupBuyStates } from '#shared/contracts/group-buys.ts'
import { decideOpenGroupBuy, type OpenGroupBuyFacts } from '#shared/domain/group-buys/open-group-buy.ts'
import { isOnDisplay } from '#shared/domain/group-buys/shop-window.ts'
import { spreadStock } from '#shared/domain/group-buys/spread-stock.ts'
import {
  firstGroupBuyState,
  groupBuyTransitions,
  isDueToClose,
  lastGroupBuyStates,
  mayBecome,
  stateAt,
  statesBeforeClosing,
  type GroupBuyState,
} from '#shared/domain/group-buys/states.ts'
import { unitPrices } from '#shared/domain/group-buys/unit-prices.ts'
import { windowFault, type Window } from '#shared/domain/group-buys/window.ts'
import { fen } from '#shared/kernel/money.ts'
import { DAY_MS, HOUR_MS, plusMs } from '#shared/kernel/time.ts'

const now = '2026-11-23T04:00:00.000Z'
const at = (hours: number, ms = 0) => plusMs(now, hours * HOUR_MS + ms)

describe('the states of a group buy', () => {
  const reachable = () => {
    const seen = new Set<GroupBuyState>([firstGroupBuyState])
    for (const state of seen) for (const next of groupBuyTransitions[state]) seen.add(next)
    return seen
  }

  it('are all known, and lead only to known states', () => {
    expect(Object.keys(groupBuyTransitions).sort()).toEqual([...groupBuyStates].sort())
    for (const next of Object.values(groupBuyTransitions).flat()) expect(groupBuyStates).toContain(next)
  })

  it('are all reachable from the first', () => {
    expect([...reachable()].sort()).toEqual([...groupBuyStates].sort())
  })

  it('all have a way out, but the last ones', () => {
    for (const state of groupBuyStates) {
      expect(groupBuyTransitions[state].length === 0, state).toBe(lastGroupBuyStates.includes(state))
    }
  })

  it('follow the agreed life: closing decides, money goes back or goods go out', () => {
    const path = (...states: GroupBuyState[]) =>
      states.slice(1).every((to, index) => mayBecome(states[index] as GroupBuyState, to))
    expect(path('draft', 'scheduled', 'open', 'closing', 'failed', 'refunding', 'ended')).toBe(true)
    expect(path('closing', 'confirmed', 'receiving', 'distributing', 'settled')).toBe(true)
    for (const before of ['draft', 'scheduled', 'open'] as const) expect(mayBecome(before, 'cancelled')).toBe(true)
    for (const after of ['closing', 'confirmed', 'receiving', 'distributing', 'settled', 'failed'] as const) {
      expect(mayBecome(after, 'cancelled'), after).toBe(false)
    }
    expect(mayBecome('closing', 'open')).toBe(false)
    expect(mayBecome('failed', 'confirmed')).toBe(false)
  })

  it('the clock leads from each state before closing to closing, along the table', () => {
    for (const state of statesBeforeClosing) {
      expect(state === 'open' ? mayBecome('open', 'closing') : mayBecome(state, 'open')).toBe(true)
    }
  })
})

describe('the state at a moment', () => {
  const groupBuy = { opensAt: at(0), closesAt: at(10) }
  it.each([
    ['scheduled', -1, 'scheduled'],
    ['scheduled', 0, 'open'],
    ['scheduled', 9, 'open'],
    ['scheduled', 10, 'closing'],
    ['open', 9, 'open'],
    ['open', 10, 'closing'],
    ['closing', 5, 'closing'],
    ['confirmed', 99, 'confirmed'],
    ['cancelled', 5, 'cancelled'],
    ['draft', 5, 'draft'],
  ] as const)('%s at hour %i is %s', (state, hour, expected) => {
    expect(stateAt({ ...groupBuy, state }, at(hour))).toBe(expected)
  })

  it('is open until the very instant of closing, and not in it', () => {
    expect(stateAt({ ...groupBuy, state: 'open' }, at(10, -1))).toBe('open')
    expect(stateAt({ ...groupBuy, state: 'open' }, at(10))).toBe('closing')
  })

  it('the clock closes what is past its time and not closed yet', () => {
    for (const state of groupBuyStates) {
      expect(isDueToClose({ ...groupBuy, state }, at(10)), state).toBe(state === 'open' || state === 'scheduled')
      expect(isDueToClose({ ...groupBuy, state }, at(9)), state).toBe(false)
    }
  })
})

describe('the shop window', () => {
  const paired = { fromDay: '2026-01-01', toDay: '2026-11-23' }
  const groupBuy = { state: 'open' as const, opensAt: at(-1), closesAt: at(48) }
  it.each([
    ['open and paired today', groupBuy, paired, true],
    ['not paired', groupBuy, undefined, false],
    ['paired until yesterday', groupBuy, { ...paired, toDay: '2026-11-22' }, false],
    ['paired from tomorrow', groupBuy, { fromDay: '2026-11-24', toDay: '2027-01-01' }, false],
    ['closed', { ...groupBuy, closesAt: at(0) }, paired, false],
    ['cancelled', { ...groupBuy, state: 'cancelled' as const }, paired, false],
    ['draft', { ...groupBuy, state: 'draft' as const }, paired, false],
    [
      'opening in a week',
      { ...groupBuy, state: 'scheduled' as const, opensAt: at(7 * 24), closesAt: at(9 * 24) },
      paired,
      true,
    ],
    [
      'opening a moment later',
      { ...groupBuy, state: 'scheduled' as const, opensAt: at(7 * 24, 1), closesAt: at(9 * 24) },
      paired,
      false,
    ],
  ])('%s', (_what, shown, pairedFor, expected) => expect(isOnDisplay(shown, pairedFor, now)).toBe(expected))
})

describe('the window', () => {
  const window: Window = { opensAt: at(0), closesAt: at(48), pickUpStartsAt: at(72), pickUpEndsAt: at(75) }
  it.each<[string, Partial<Window>]>([
    ['that is plain', {}],
    ['that opened before', { opensAt: at(-24) }],
    ['of fourteen days', { closesAt: at(14 * 24), pickUpStartsAt: at(14 * 24), pickUpEndsAt: at(14 * 24 + 1) }],
    ['with pick-up right at closing', { pickUpStartsAt: at(48) }],
    [
      'announced thirty days ahead',
      { opensAt: at(30 * 24), closesAt: at(31 * 24), pickUpStartsAt: at(32 * 24), pickUpEndsAt: at(33 * 24) },
    ],
    ['with pick-up ending fourteen days after closing', { pickUpEndsAt: at(48 + 14 * 24) }],
  ])('%s is right', (_what, more) => expect(windowFault({ ...window, ...more }, now)).toBeUndefined())

  it.each<[string, Partial<Window>, keyof Window]>([
    ['that closes as it opens', { closesAt: at(0), opensAt: at(0) }, 'closesAt'],
    ['that closes before it opens', { opensAt: at(50) }, 'closesAt'],
    ['that closes now', { opensAt: at(-5), closesAt: now }, 'closesAt'],
    [
      'longer than fourteen days',
      { closesAt: at(14 * 24, 1), pickUpStartsAt: at(20 * 24), pickUpEndsAt: at(21 * 24) },
      'closesAt',
    ],
    [
      'more than thirty days ahead',
      { opensAt: at(30 * 24, 1), closesAt: at(31 * 24), pickUpStartsAt: at(32 * 24), pickUpEndsAt: at(33 * 24) },
      'opensAt',
    ],
    ['with pick-up before closing', { pickUpStartsAt: at(48, -1) }, 'pickUpStartsAt'],
    ['with pick-up ending as it starts', { pickUpEndsAt: at(72) }, 'pickUpEndsAt'],
    ['with pick-up long after closing', { pickUpEndsAt: at(48 + 14 * 24, 1) }, 'pickUpEndsAt'],
  ])('%s is wrong', (_what, more, field) => {
    expect(Object.keys(windowFault({ ...window, ...more }, now) ?? {})).toEqual([field])
  })

  it('that is right has its moments in order and within two weeks, whatever the moments', () => {
    const moment = fc.integer({ min: -60 * 24, max: 60 * 24 }).map((hours) => at(hours))
    const any = fc.record({ opensAt: moment, closesAt: moment, pickUpStartsAt: moment, pickUpEndsAt: moment })
    fc.assert(
      fc.property(any, (given) => {
        if (windowFault(given, now) !== undefined) return
        expect(given.opensAt < given.closesAt).toBe(true)
        expect(given.closesAt > now).toBe(true)
        expect(given.closesAt <= given.pickUpStartsAt && given.pickUpStartsAt < given.pickUpEndsAt).toBe(true)
        expect(Date.parse(given.closesAt) - Date.parse(given.opensAt)).toBeLessThanOrEqual(14 * DAY_MS)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('opening a group buy', () => {
  const coop = { coopId: 'coop-a', name: '合作社', villageId: 'v', villageName: '村', townName: '镇' }
  const listing = (listingId: string, more: Partial<Listing> = {}): Listing => ({
    listingId,
    coopId: 'coop-a',
    version: 1,
    name: listingId,
    category: 'leaf',
    picture: 'leaf',
    saleUnit: { by: 'weight', portionGrams: 500 },
    priceFen: fen(100),
    temperatureZone: 'ambient',
    state: 'active',
    ...more,
  })
  const offer = (offerId: string, listingId: string, more: object = {}) => ({
    offerId,
    listingId,
    priceFen: fen(120),
    stock: 10,
    perHouseholdLimit: 2,
    ...more,
  })
  const paired = { fromDay: '2026-01-01', toDay: '2026-11-25' }
  const compound = (compoundId: string, more: object = {}) => ({
    compoundId,
    pairedFor: paired,
    hasPickUpPoint: true,
    ...more,
  })
  const facts: OpenGroupBuyFacts = {
    groupBuyId: 'gb',
    coop,
    now,
    compounds: [compound('c-1'), compound('c-2')],
    listings: [listing('l-1'), listing('l-2')],
    body: {
      coopId: 'coop-a',
      title: '鲜货',
      compoundIds: ['c-1', 'c-2'],
      opensAt: at(0),
      closesAt: at(48),
      pickUpStartsAt: at(72),
      pickUpEndsAt: at(75),
      offers: [offer('o-1', 'l-1'), offer('o-2', 'l-2', { buckets: 3 })],
    },
  }
  const decide = (more: Partial<OpenGroupBuyFacts>, body: Partial<OpenGroupBuyFacts['body']> = {}) =>
    decideOpenGroupBuy({ ...facts, ...more, body: { ...facts.body, ...body } })

  it('plans every offer with its listing and its stock in buckets', () => {
    const plan = decide({})
    expect(plan).toMatchObject({ kind: 'opened', state: 'open', compoundIds: ['c-1', 'c-2'] })
    if (plan.kind === 'opened') expect(plan.offers.map(({ buckets }) => buckets)).toEqual([[10], [4, 3, 3]])
  })

  it('is scheduled when it opens later, and names a compound once', () => {
    expect(decide({}, { opensAt: at(1) })).toMatchObject({ state: 'scheduled' })
    expect(decide({}, { compoundIds: ['c-2', 'c-1', 'c-2'] })).toMatchObject({ compoundIds: ['c-2', 'c-1'] })
  })

  it.each<[string, Partial<OpenGroupBuyFacts>, Partial<OpenGroupBuyFacts['body']>, string]>([
    ['a bad window', {}, { closesAt: at(-1) }, 'BAD_WINDOW'],
    [
      'an unpaired compound',
      { compounds: [compound('c-1'), compound('c-2', { pairedFor: undefined })] },
      {},
      'NOT_PAIRED',
    ],
    ['an unknown compound', { compounds: [compound('c-1')] }, {}, 'NOT_PAIRED'],
    ['a pairing that ends before the last day', {}, { closesAt: '2026-11-25T16:00:00.001Z' }, 'NOT_PAIRED'],
    [
      'a pairing that begins after the first day',
      { compounds: [compound('c-1'), compound('c-2', { pairedFor: { ...paired, fromDay: '2026-11-24' } })] },
      {},
      'NOT_PAIRED',
    ],
    [
      'no pick-up point',
      { compounds: [compound('c-1'), compound('c-2', { hasPickUpPoint: false })] },
      {},
      'NO_PICK_UP_POINT',
    ],
    ['an unknown listing', {}, { offers: [offer('o-1', 'l-9')] }, 'UNKNOWN_LISTING'],
    [
      "another co-op's listing",
      { listings: [listing('l-1', { coopId: 'coop-b' })] },
      { offers: [offer('o-1', 'l-1')] },
      'UNKNOWN_LISTING',
    ],
    ['a paused listing', { listings: [listing('l-1', { state: 'paused' }), listing('l-2')] }, {}, 'LISTING_PAUSED'],
    ['an offer twice', {}, { offers: [offer('o-1', 'l-1'), offer('o-1', 'l-2')] }, 'DUPLICATE_OFFER'],
    [
      'a price step that is no cheaper',
      {},
      { offers: [offer('o-1', 'l-1', { priceSteps: [{ fromPortions: 5, priceFen: fen(120) }] })] },
      'BAD_PRICE_STEPS',
    ],
    [
      'a condition that the whole stock cannot meet',
      {},
      { success: { kind: 'portions', minimum: 21 } },
      'OUT_OF_REACH',
    ],
    ['a listing twice', {}, { offers: [offer('o-1', 'l-1'), offer('o-2', 'l-1')] }, 'DUPLICATE_OFFER'],
  ])('refuses %s', (_what, more, body, code) => {
    expect(decide(more, body)).toMatchObject({ kind: 'refused', code, fields: expect.any(Object) })
  })

  it('accepts a window that ends with the pairing’s last day', () => {
    const body = { closesAt: '2026-11-25T16:00:00.000Z', pickUpStartsAt: at(100), pickUpEndsAt: at(101) }
    expect(decide({}, body).kind).toBe('opened')
  })
})

describe('stock in buckets', () => {
  it('adds up exactly and differs by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 20 }), (stock, count) => {
        const buckets = spreadStock(stock, count)
        expect(buckets).toHaveLength(count)
        expect(buckets.reduce((sum, portions) => sum + portions, 0)).toBe(stock)
        expect(Math.max(...buckets) - Math.min(...buckets)).toBeLessThanOrEqual(1)
        expect(Math.min(...buckets)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
  it.each([
    [-1, 1],
    [1.5, 1],
    [1, 0],
  ])('%d in %d buckets is a bug', (stock, buckets) => expect(() => spreadStock(stock, buckets)).toThrow())
})

describe('unit prices', () => {
  it('are per 斤 and per kg, half-up to fen', () => {
    expect(unitPrices(fen(599), { by: 'weight', portionGrams: 1500 })).toEqual({ perJinFen: 200, perKgFen: 399 })
    expect(unitPrices(fen(1), { by: 'weight', portionGrams: 1000 })).toEqual({ perJinFen: 1, perKgFen: 1 })
  })
  it('do not exist for goods sold by the piece', () => {
    expect(unitPrices(fen(599), { by: 'piece', pieceLabel: '个' })).toEqual({})
  })
})
