import { describe, expect, it } from 'vitest'
import { reorder } from '#shared/domain/orders/reorder.ts'
import { byPickUp, pickedUpTogether, type PickedUpOrder, pickUpsOf } from '#shared/domain/orders/same-pick-up.ts'

const share = (day: string, more: object = {}) => ({
  ...{
    state: 'reserved',
    pickUpStartsAt: `2026-12-${day}T08:00:00.000Z`,
    pickUpEndsAt: `2026-12-${day}T11:00:00.000Z`,
  },
  ...more,
})
const order = (orderId: string, days: string[], more: Partial<PickedUpOrder> = {}): PickedUpOrder => ({
  ...{ orderId, state: 'paid', compoundId: 'c-1', pickUpPoint: { pickUpPointId: 'p-1', name: '东门驿站' } },
  shares: days.map((day) => share(day)),
  ...more,
})
const idsOf = (orders: readonly PickedUpOrder[]) => orders.map(({ orderId }) => orderId)

describe('orders that are picked up on one way', () => {
  const mine = order('mine', ['01', '03'])

  it('have a day, a point and a compound in common', () => {
    const others = [
      order('same-day', ['01']),
      order('second-day', ['03', '09']),
      order('other-day', ['02']),
      order('other-point', ['01'], { pickUpPoint: { pickUpPointId: 'p-2', name: '西门' } }),
      order('other-compound', ['01'], { compoundId: 'c-2' }),
    ]
    expect(idsOf(pickedUpTogether(mine, [...others, mine]))).toEqual(['same-day', 'second-day'])
  })

  it('are alive: what was never paid, failed or went back whole brings nobody to the point', () => {
    const others = [
      order('unpaid-yet', ['01'], { state: 'pending_payment' }),
      order('expired', ['01'], { state: 'expired' }),
      order('cancelled', ['01'], { state: 'cancelled' }),
      order('failed', [], { shares: [share('01', { state: 'failed' })] }),
      order('given-back', [], { shares: [share('01', { state: 'refunded' })] }),
    ]
    expect(idsOf(pickedUpTogether(mine, others))).toEqual(['unpaid-yet'])
    expect(pickedUpTogether({ ...mine, state: 'expired' }, others)).toEqual([])
  })

  it('go by the day in Shanghai', () => {
    const late = share('01', { pickUpStartsAt: '2026-12-01T15:30:00.000Z', pickUpEndsAt: '2026-12-01T15:59:00.000Z' })
    const next = share('01', { pickUpStartsAt: '2026-12-01T16:30:00.000Z', pickUpEndsAt: '2026-12-01T18:00:00.000Z' })
    expect(pickUpsOf(order('a', [], { shares: [share('01'), late, next] })).map(({ day }) => day)).toEqual([
      '2026-12-01',
      '2026-12-02',
    ])
  })
})

describe('a list of orders', () => {
  it('shows the ways still to be made, soonest first, and the rest as it was', () => {
    const orders = [
      order('unpaid', ['05'], { state: 'pending_payment' }),
      order('later', ['05']),
      order('soon', ['02']),
      order('soon-too', ['02', '05']),
      order('over', ['01']),
    ]
    const { groups, others } = byPickUp(orders, '2026-12-02T00:00:00.000Z')
    expect(groups.map((group) => [group.day, idsOf(group.orders)])).toEqual([
      ['2026-12-02', ['soon', 'soon-too']],
      ['2026-12-05', ['later']],
    ])
    expect(idsOf(others)).toEqual(['unpaid', 'over'])
  })

  it('keeps a way until its last minute', () => {
    const one = [order('one', ['02'])]
    expect(byPickUp(one, '2026-12-02T10:59:59.000Z').groups).toHaveLength(1)
    expect(byPickUp(one, '2026-12-02T11:00:00.000Z').groups).toHaveLength(0)
  })
})

describe('an order once more', () => {
  const old = (name: string, quantity = 2) => ({
    ...{ groupBuyId: 'gb-1', offerId: name, listingId: `coop-1.${name}`, name, quantity },
  })
  const offer = (groupBuyId: string, name: string, left = 9, perHouseholdLimit = 5) => ({
    ...{ groupBuyId, offerId: name, listingId: `coop-1.${name}`, left, perHouseholdLimit },
  })

  it('takes the same offer, else the same goods where most is left, and names what is gone', () => {
    const offers = [
      offer('gb-1', 'tomato'),
      offer('gb-2', 'tomato', 99),
      offer('gb-2', 'corn', 3),
      offer('gb-3', 'corn', 4),
    ]
    expect(reorder([old('tomato'), old('corn'), old('peach')], offers)).toEqual({
      found: [
        { groupBuyId: 'gb-1', offerId: 'tomato', name: 'tomato', quantity: 2, wanted: 2 },
        { groupBuyId: 'gb-3', offerId: 'corn', name: 'corn', quantity: 2, wanted: 2 },
      ],
      gone: ['peach'],
    })
  })

  it('takes no more than is left and than a household may buy, and says how many it wanted', () => {
    expect(reorder([old('tomato', 9)], [offer('gb-1', 'tomato', 99, 4)]).found).toMatchObject([
      { quantity: 4, wanted: 9 },
    ])
    expect(reorder([old('tomato', 9)], [offer('gb-1', 'tomato', 3, 4)]).found).toMatchObject([
      { quantity: 3, wanted: 9 },
    ])
  })

  it('leaves out what is sold out, and looks elsewhere first', () => {
    expect(reorder([old('tomato')], [offer('gb-1', 'tomato', 0)])).toEqual({ found: [], gone: ['tomato'] })
    expect(reorder([old('tomato')], [offer('gb-1', 'tomato', 0), offer('gb-2', 'tomato')]).found).toMatchObject([
      { groupBuyId: 'gb-2' },
    ])
  })

  it('does not take another co-op’s goods of the same name', () => {
    const other = { ...offer('gb-2', 'tomato'), listingId: 'coop-2.tomato' }
    expect(reorder([old('tomato')], [other])).toEqual({ found: [], gone: ['tomato'] })
  })
})
