import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decidePlaceOrder,
  type GroupBuyFacts,
  type OfferFacts,
  type PlaceOrderFacts,
} from '#shared/domain/orders/place-order.ts'
import { splitOverBuckets } from '#shared/domain/orders/split-stock.ts'
import { mergeLines } from '#shared/domain/orders/merge-lines.ts'
import { fen } from '#shared/kernel/money.ts'

const NOW = '2026-11-23T04:00:00.000Z'
const AGREEMENT = {
  agreementId: 'a-1',
  version: 1,
  rateBps: 200,
  fromDay: '2026-01-01',
  toDay: '2028-12-31',
  purposes: ['环境提升'],
}

function anOffer(change: Partial<OfferFacts> = {}): OfferFacts {
  return {
    offerId: 'tomato',
    listingId: 'coop-1.tomato',
    name: '番茄',
    picture: 'tomato',
    unitLabel: '500 克',
    portionGrams: 500,
    priceFen: fen(860),
    priceVersion: 1,
    perHouseholdLimit: 5,
    buckets: 1,
    ...change,
  }
}

function aGroupBuy(change: Partial<GroupBuyFacts> = {}, offers: OfferFacts[] = [anOffer()]): GroupBuyFacts {
  return {
    groupBuyId: 'gb-1',
    title: '朱庄村蔬菜团购',
    state: 'open',
    coopId: 'coop-1',
    coopName: '合作社',
    villageId: 'v-1',
    villageName: '朱庄村',
    opensAt: '2026-11-22T16:00:00.000Z',
    closesAt: '2026-11-26T12:00:00.000Z',
    pickUpStartsAt: '2026-11-28T08:00:00.000Z',
    pickUpEndsAt: '2026-11-28T11:00:00.000Z',
    compoundIds: ['c-1'],
    offers: new Map(offers.map((offer) => [offer.offerId, offer])),
    paired: true,
    agreement: AGREEMENT,
    ...change,
  }
}

const POINT = {
  pickUpPointId: 'p-1',
  compoundId: 'c-1',
  name: '东门驿站',
  address: '东门',
  hours: '16:00–19:00',
  contact: '社区工作者',
  temperatureZones: ['ambient' as const],
  capacityOrders: 500,
}

function facts(change: Partial<PlaceOrderFacts> = {}, groupBuys: GroupBuyFacts[] = [aGroupBuy()]): PlaceOrderFacts {
  return {
    compoundId: 'c-1',
    pickUpPoints: [POINT],
    groupBuys: new Map(groupBuys.map((each) => [each.groupBuyId, each])),
    reservationMinutes: 15,
    minimumChargeFen: 400,
    ...change,
  }
}

const line = (change = {}) => ({ groupBuyId: 'gb-1', offerId: 'tomato', quantity: 2, ...change })
const ORDER = '0b8f7c1e-0000-4000-8000-000000000001'
const place = (lines: ReturnType<typeof line>[], given = facts(), now = NOW, pickUpPointId?: string) =>
  decidePlaceOrder({ orderId: ORDER, lines, pickUpPointId }, given, now)

describe('placing an order', () => {
  it('prices each line from integers, sums shares and order, holds the stock for 15 minutes', () => {
    const placed = place([line(), line({ quantity: 1 })])
    expect(placed).toMatchObject({ kind: 'placed', amountFen: 2580, expiresAt: '2026-11-23T04:15:00.000Z' })
    expect(placed.kind === 'placed' && placed.shares[0]).toMatchObject({
      amountFen: 2580,
      rateBps: 200,
      agreementId: 'a-1',
      agreementVersion: 1,
      lines: [{ quantity: 3, unitPriceFen: 860, amountFen: 2580 }],
    })
  })

  it('stamps a rate of 0 and no agreement when none is in force', () => {
    const placed = place([line()], facts({}, [aGroupBuy({ agreement: undefined })]))
    const share = placed.kind === 'placed' ? placed.shares[0] : undefined
    expect(share).toMatchObject({ rateBps: 0 })
    expect(share).not.toHaveProperty('agreementId')
  })

  const refusals: [string, string, () => ReturnType<typeof place>][] = [
    ['an unknown group buy', 'UNKNOWN_OFFER', () => place([line({ groupBuyId: 'gb-2' })])],
    ['an unknown offer', 'UNKNOWN_OFFER', () => place([line({ offerId: 'pear' })])],
    ['a group buy for other compounds', 'NOT_YOUR_COMPOUND', () => place([line()], facts({ compoundId: 'c-2' }))],
    [
      'an order at the closing moment itself',
      'GROUP_BUY_CLOSED',
      () => place([line()], facts(), '2026-11-26T12:00:00.000Z'),
    ],
    [
      'a group buy that is closing early',
      'GROUP_BUY_CLOSED',
      () => place([line()], facts({}, [aGroupBuy({ state: 'closing' })])),
    ],
    ['an order before the window', 'GROUP_BUY_NOT_OPEN', () => place([line()], facts(), '2026-11-22T15:59:59.999Z')],
    ['more than the household may have', 'LIMIT_REACHED', () => place([line({ quantity: 6 })])],
    [
      'the limit passed by two lines together',
      'LIMIT_REACHED',
      () => place([line({ quantity: 3 }), line({ quantity: 3 })]),
    ],
    [
      'a village that is not paired any more',
      'PAIRING_ENDED',
      () => place([line()], facts({}, [aGroupBuy({ paired: false })])),
    ],
    ['a price that changed', 'PRICE_CHANGED', () => place([line({ unitPriceFen: 850 })])],
    ['no pick-up point', 'PICK_UP_POINT_NEEDED', () => place([line()], facts({ pickUpPoints: [] }))],
    [
      'two points and no choice',
      'PICK_UP_POINT_NEEDED',
      () => place([line()], facts({ pickUpPoints: [POINT, { ...POINT, pickUpPointId: 'p-2' }] })),
    ],
    ['a point elsewhere', 'UNKNOWN_PICK_UP_POINT', () => place([line()], facts(), NOW, 'p-9')],
    [
      'less than the provider takes',
      'BELOW_MINIMUM_CHARGE',
      () => place([line({ quantity: 1 })], facts({ minimumChargeFen: 861 })),
    ],
    [
      'more money than one charge may be',
      'ABOVE_MAXIMUM_CHARGE',
      () =>
        place(
          [line({ quantity: 100 })],
          facts({}, [aGroupBuy({}, [anOffer({ perHouseholdLimit: 999, priceFen: fen(1_000_000) })])]),
        ),
    ],
    [
      'more portions than any basket may hold',
      'QUANTITY_TOO_LARGE',
      () =>
        place(
          [line({ quantity: 999 }), line({ quantity: 1 })],
          facts({}, [aGroupBuy({}, [anOffer({ perHouseholdLimit: 999 })])]),
        ),
    ],
    [
      'eleven group buys',
      'TOO_MANY_GROUP_BUYS',
      () => {
        const many = Array.from({ length: 11 }, (_, n) => aGroupBuy({ groupBuyId: `gb-${n}` }))
        return place(
          many.map(({ groupBuyId }) => line({ groupBuyId })),
          facts({}, many),
        )
      },
    ],
  ]
  it.each(refusals)('refuses %s', (_, code, decide) => {
    expect(decide()).toMatchObject({ kind: 'refused', code })
  })

  it('accepts the last moment of the window, the whole limit, the least charge, ten group buys and the chosen point', () => {
    expect(place([line()], facts(), '2026-11-26T11:59:59.999Z').kind).toBe('placed')
    expect(place([line()], facts(), '2026-11-22T16:00:00.000Z').kind).toBe('placed')
    expect(place([line({ quantity: 5 })]).kind).toBe('placed')
    expect(place([line({ quantity: 1 })], facts({ minimumChargeFen: 860 })).kind).toBe('placed')
    expect(place([line()], facts({ pickUpPoints: [POINT, { ...POINT, pickUpPointId: 'p-2' }] }), NOW, 'p-2').kind).toBe(
      'placed',
    )
    const ten = Array.from({ length: 10 }, (_, n) => aGroupBuy({ groupBuyId: `gb-${n}` }))
    expect(
      place(
        ten.map(({ groupBuyId }) => line({ groupBuyId })),
        facts({}, ten),
      ).kind,
    ).toBe('placed')
  })

  it('adds up to the fen for any basket: lines make shares, shares make the order', () => {
    const basket = fc.array(
      fc.record({
        gb: fc.integer({ min: 0, max: 4 }),
        offer: fc.integer({ min: 0, max: 5 }),
        quantity: fc.integer({ min: 1, max: 30 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    const price = (gb: number, offer: number) => 1 + gb * 97 + offer * 1013
    const groupBuys = Array.from({ length: 5 }, (_, gb) =>
      aGroupBuy(
        { groupBuyId: `gb-${gb}` },
        Array.from({ length: 6 }, (_, offer) =>
          anOffer({ offerId: `o-${offer}`, priceFen: fen(price(gb, offer)), perHouseholdLimit: 999 }),
        ),
      ),
    )
    fc.assert(
      fc.property(basket, (lines) => {
        const placed = place(
          lines.map(({ gb, offer, quantity }) => ({ groupBuyId: `gb-${gb}`, offerId: `o-${offer}`, quantity })),
          facts({ minimumChargeFen: 0 }, groupBuys),
        )
        const expected = lines.reduce((sum, { gb, offer, quantity }) => sum + price(gb, offer) * quantity, 0)
        expect(placed).toMatchObject({ kind: 'placed', amountFen: expected })
        if (placed.kind !== 'placed') return
        for (const share of placed.shares) {
          expect(share.lines.reduce((sum, each) => sum + each.amountFen, 0)).toBe(share.amountFen)
          expect(new Set(share.lines.map((each) => each.offerId)).size).toBe(share.lines.length)
        }
        const ids = placed.shares.flatMap((share) => share.lines.map((each) => each.lineId))
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })
})

describe('merging lines', () => {
  it('makes one basket of two ways to write it', () => {
    const a = mergeLines([line({ offerId: 'pear', quantity: 1 }), line({ quantity: 2 }), line({ quantity: 1 })])
    const b = mergeLines([line({ quantity: 3 }), line({ offerId: 'pear', quantity: 1 })])
    expect(a).toEqual(b)
  })

  it('refuses two prices for one offer', () => {
    expect(mergeLines([line({ unitPriceFen: 1 }), line({ unitPriceFen: 2 })])).toMatchObject({ code: 'PRICE_CHANGED' })
  })
})

describe('splitting a line over stock buckets', () => {
  it('gives exactly what was asked, never more than a bucket has, and refuses only when the sum is short', () => {
    const buckets = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(buckets, fc.integer({ min: 1, max: 60 }), (available, quantity) => {
        const takes = splitOverBuckets(
          quantity,
          available.map((left, n) => ({ n, available: left })),
        )
        const sum = available.reduce((total, left) => total + left, 0)
        if (sum < quantity) {
          expect(takes).toBeUndefined()
          return
        }
        expect(takes?.reduce((total, take) => total + take.quantity, 0)).toBe(quantity)
        for (const take of takes ?? []) expect(take.quantity).toBeLessThanOrEqual(available[take.n] ?? -1)
        expect(new Set(takes?.map((take) => take.n)).size).toBe(takes?.length)
      }),
    )
  })
})
