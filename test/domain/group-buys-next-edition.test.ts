import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextEdition, weeksAhead, weeksLater } from '#shared/domain/group-buys/next-edition.ts'
import { windowFault } from '#shared/domain/group-buys/window.ts'
import { fen } from '#shared/kernel/money.ts'
import { DAY_MS, HOUR_MS, plusMs, shanghaiClock, toMs } from '#shared/kernel/time.ts'

/** Monday 8 o'clock in Shanghai, to Wednesday; handed out on Thursday. */
const window = {
  opensAt: '2026-11-23T00:00:00.000Z',
  closesAt: '2026-11-25T12:00:00.000Z',
  pickUpStartsAt: '2026-11-26T08:30:00.000Z',
  pickUpEndsAt: '2026-11-26T12:00:00.000Z',
}
const offer = (listingId: string) => ({
  listingId,
  name: `菜 ${listingId}`,
  priceFen: 599,
  stock: 40,
  perHouseholdLimit: 3,
  priceSteps: [
    { fromPortions: 10, priceFen: fen(560) },
    { fromPortions: 20, priceFen: fen(500) },
  ],
})
const earlier = {
  ...window,
  title: '朱庄村鲜菜',
  shortageRule: 'pro-rata' as const,
  success: { kind: 'portions' as const, minimum: 10 },
  compoundIds: ['c-1', 'c-2', 'c-3'],
  offers: [offer('tomato'), offer('leaf'), offer('pear')],
}
const active = (listingId: string) => ({ listingId, state: 'active' as const })
const compound = (compoundId: string, hasPickUpPoint = true) => ({ compoundId, hasPickUpPoint })
const all = [active('tomato'), active('leaf'), active('pear')]
const paired = [compound('c-1'), compound('c-2'), compound('c-3')]
const NOW = '2026-11-27T02:00:00.000Z'

describe('opening an earlier group buy once more', () => {
  it('is the same in goods, prices, stock, limits, steps, condition and compounds, a week later', () => {
    expect(nextEdition(earlier, all, paired, NOW)).toEqual({
      title: '朱庄村鲜菜',
      shortageRule: 'pro-rata',
      window: {
        opensAt: '2026-11-30T00:00:00.000Z',
        closesAt: '2026-12-02T12:00:00.000Z',
        pickUpStartsAt: '2026-12-03T08:30:00.000Z',
        pickUpEndsAt: '2026-12-03T12:00:00.000Z',
      },
      success: { kind: 'portions', minimum: 10 },
      offers: earlier.offers,
      leftOutOffers: [],
      compoundIds: ['c-1', 'c-2', 'c-3'],
      leftOutCompounds: [],
    })
  })

  it('leaves out what is paused or gone, and names it', () => {
    const edition = nextEdition(earlier, [active('pear'), { listingId: 'leaf', state: 'paused' }], paired, NOW)
    expect(edition.offers.map(({ listingId }) => listingId)).toEqual(['pear'])
    expect(edition.leftOutOffers).toEqual([
      { name: '菜 tomato', why: 'gone' },
      { name: '菜 leaf', why: 'paused' },
    ])
  })

  it('leaves out compounds that are not paired any more or cannot hand anything out', () => {
    const edition = nextEdition(earlier, all, [compound('c-1'), compound('c-3', false), compound('c-9')], NOW)
    expect(edition.compoundIds).toEqual(['c-1'])
    expect(edition.leftOutCompounds).toEqual([
      { compoundId: 'c-2', why: 'not-paired' },
      { compoundId: 'c-3', why: 'no-pick-up-point' },
    ])
  })
})

describe('the weeks that a window moves', () => {
  it.each([
    ['a moment after it opened', 1, 1],
    ['a moment before it opens', -1, 1],
    ['on the very hour a week later', 7 * DAY_MS, 1],
    ['a moment past that hour', 7 * DAY_MS + 1, 2],
    ['after a winter without', 90 * DAY_MS, 13],
    ['weeks before it opens', -20 * DAY_MS, 1],
  ])('%s', (_when, after, weeks) => {
    expect(weeksAhead(window.opensAt, plusMs(window.opensAt, after))).toBe(weeks)
  })

  it('are the fewest that lie ahead, and keep weekday, hour and length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 24 }), (hours) => {
        const now = plusMs(window.opensAt, hours * HOUR_MS)
        const weeks = weeksAhead(window.opensAt, now)
        const moved = weeksLater(window, weeks)
        expect(toMs(moved.opensAt)).toBeGreaterThanOrEqual(toMs(now))
        expect(toMs(moved.opensAt) - toMs(now)).toBeLessThan(7 * DAY_MS)
        expect(shanghaiClock(moved.opensAt).time).toBe('08:00')
        expect((toMs(moved.opensAt) - toMs(window.opensAt)) % (7 * DAY_MS)).toBe(0)
        expect(toMs(moved.pickUpEndsAt) - toMs(moved.opensAt)).toBe(toMs(window.pickUpEndsAt) - toMs(window.opensAt))
        expect(windowFault(moved, now)).toBeUndefined()
      }),
    )
  })
})
