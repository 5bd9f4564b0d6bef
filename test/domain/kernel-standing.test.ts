import { describe, expect, it } from 'vitest'
import {
  mayDo,
  orderActs,
  type OrderOwners,
  type Person,
  sharedSince,
  standingOf,
  standings,
} from '#shared/kernel/standing.ts'

const somebody: Person = { personId: 'i|x', verifiedIn: [], worksIn: [], leadsIn: [], isAdmin: false }
const bought: OrderOwners = { personId: 'i|buyer', householdId: 'c-1.3.2.501', communityId: 'community-1' }
const forThem: OrderOwners = { ...bought, personId: 'i|worker', placedBy: { name: '王姐' } }

describe('how somebody stands to an order', () => {
  it('who bought it owns it, also without any role; their verified family sees it', () => {
    expect(standingOf(bought, { ...somebody, personId: 'i|buyer' })).toBe('buyer')
    expect(standingOf(bought, { ...somebody, verifiedIn: ['c-1.3.2.501'] })).toBe('family')
    expect(standingOf(bought, { ...somebody, personId: 'i|buyer', worksIn: ['community-1'] })).toBe('buyer')
  })

  it('of an order placed for a household its verified members are the owners, and the worker only places it', () => {
    expect(standingOf(forThem, { ...somebody, verifiedIn: ['c-1.3.2.501'] })).toBe('member')
    expect(standingOf(forThem, { ...somebody, personId: 'i|worker', worksIn: ['community-1'] })).toBe('placer')
  })

  it('a worker who placed it and works there no more has nothing to do with it', () => {
    expect(standingOf(forThem, { ...somebody, personId: 'i|worker' })).toBeUndefined()
    expect(standingOf(forThem, { ...somebody, personId: 'i|worker', worksIn: ['community-2'] })).toBeUndefined()
    expect(standingOf(forThem, { ...somebody, personId: 'i|worker', isAdmin: true })).toBe('staff')
  })

  it.each([
    ['who leads the building and placed it', { personId: 'i|worker', leadsIn: ['c-1.3'] }, forThem, 'placer'],
    ['who leads it and another one too', { personId: 'i|worker', leadsIn: ['c-2.1', 'c-1.3'] }, forThem, 'placer'],
    ['who placed it and leads no more', { personId: 'i|worker' }, forThem, undefined],
    ['who placed it and leads the next building', { personId: 'i|worker', leadsIn: ['c-1.4'] }, forThem, undefined],
    ['who leads a building whose id begins it', { personId: 'i|worker', leadsIn: ['c-1'] }, forThem, undefined],
    [
      'who leads building 3 of another compound, `c-1.3`',
      { personId: 'i|worker', leadsIn: ['c-1.3'] },
      { ...forThem, householdId: 'c-1.3.7.1.101' },
      undefined,
    ],
    ['another leader of the building', { leadsIn: ['c-1.3'] }, forThem, undefined],
    ['a leader, of a neighbour’s own order', { leadsIn: ['c-1.3'] }, bought, undefined],
    ['a leader, of their own', { personId: 'i|buyer', leadsIn: ['c-1.3'] }, bought, 'buyer'],
    ['a leader who lives there, verified', { leadsIn: ['c-1.3'], verifiedIn: ['c-1.3.2.501'] }, forThem, 'member'],
    ['a leader who works there too', { leadsIn: ['c-1.3'], worksIn: ['community-1'] }, forThem, 'staff'],
  ] as const)('of a building leader: %s', (_who, person, order, expected) => {
    expect(standingOf(order, { ...somebody, ...person })).toBe(expected)
  })

  it('workers of the community and administrators look on; for all others there is no such order', () => {
    for (const order of [bought, forThem]) {
      expect(standingOf(order, { ...somebody, worksIn: ['community-1'] })).toBe('staff')
      expect(standingOf(order, { ...somebody, isAdmin: true })).toBe('staff')
      expect(standingOf(order, { ...somebody, worksIn: ['community-2'] })).toBeUndefined()
      expect(standingOf(order, { ...somebody, verifiedIn: ['c-1.3.2.502'] })).toBeUndefined()
      expect(standingOf(order, somebody)).toBeUndefined()
    }
  })
})

describe('orders that were placed for a household', () => {
  it('are listed for who registers now as far back as thirty days, not for who lived there before', () => {
    expect(sharedSince('2026-11-28T02:00:00.000Z')).toBe('2026-10-29T02:00:00.000Z')
    expect(sharedSince(undefined) < '2000-01-01').toBe(true)
  })
})

describe('what may be done with an order', () => {
  it('is decided for each standing', () => {
    const told = Object.fromEntries(standings.map((each) => [each, orderActs.filter((act) => mayDo(each, act))]))
    expect(told).toEqual({
      buyer: ['pay', 'link', 'cancel', 'give-back', 'claim'],
      member: ['pay', 'link', 'cancel', 'give-back', 'claim'],
      placer: ['link', 'cancel', 'give-back', 'claim'],
      family: ['claim'],
      staff: [],
    })
    for (const act of orderActs) expect(mayDo(undefined, act)).toBe(false)
  })
})
