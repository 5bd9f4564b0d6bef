import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REPEATS_PER_COOP_MAX } from '#shared/contracts/group-buys.ts'
import { weeksLater } from '#shared/domain/group-buys/next-edition.ts'
import {
  afterWeek,
  isFinalWeek,
  type Repetition,
  startRepeating,
  turnOf,
} from '#shared/domain/group-buys/repeat-group-buy.ts'
import { DAY_MS, HOUR_MS, plusMs } from '#shared/kernel/time.ts'

/** Monday 8 o'clock in Shanghai, to Wednesday 8 o'clock: 48 hours. */
const window = {
  opensAt: '2026-11-23T00:00:00.000Z',
  closesAt: '2026-11-25T00:00:00.000Z',
  pickUpStartsAt: '2026-11-26T08:30:00.000Z',
  pickUpEndsAt: '2026-11-26T12:00:00.000Z',
}
const NOW = '2026-11-24T02:00:00.000Z'
const start = (more: object = {}) =>
  startRepeating({ state: 'open', window, running: undefined, others: 0, weeks: undefined, now: NOW, ...more })
const running: Repetition = { window, week: 3, lastWeek: 5, dueAt: '2026-12-13T00:00:00.000Z' }
/** The third week opens at this moment. */
const THIRD = '2026-12-14T00:00:00.000Z'

describe('beginning to repeat a group buy', () => {
  it('opens the next edition a day before the same weekday and hour, until it is stopped', () => {
    expect(start()).toEqual({ window, week: 1, dueAt: '2026-11-29T00:00:00.000Z' })
  })

  it('or for so many weeks', () => {
    expect(start({ weeks: 4 })).toMatchObject({ week: 1, lastWeek: 4 })
    expect(start({ weeks: 1 })).toMatchObject({ week: 1, lastWeek: 1 })
  })

  it('of long ago goes on with the week that lies ahead', () => {
    expect(start({ now: '2026-12-15T00:00:00.000Z', weeks: 2 })).toMatchObject({ week: 4, lastWeek: 5 })
  })

  it('a second time changes how long, not where it stands', () => {
    const dueAt = plusMs(THIRD, -HOUR_MS)
    expect(start({ running: { ...running, dueAt }, weeks: 1 })).toMatchObject({ week: 3, lastWeek: 3, dueAt })
    expect(start({ running })).not.toHaveProperty('lastWeek')
  })

  it.each([
    ['a cancelled one', { state: 'cancelled' }, 'GROUP_BUY_CANCELLED'],
    ['one more than a co-op may repeat', { others: REPEATS_PER_COOP_MAX }, 'TOO_MANY_REPEATS'],
  ])('%s is refused', (_what, more, code) => {
    expect(start(more)).toMatchObject({ kind: 'refused', code })
  })

  it('one that is repeated already may be changed at the limit', () => {
    expect(start({ others: REPEATS_PER_COOP_MAX, running })).toMatchObject({ week: 3 })
    expect(start({ others: REPEATS_PER_COOP_MAX - 1 })).toMatchObject({ week: 1 })
  })
})

describe("the clock's turn", () => {
  it.each([
    ['a moment before it is due', plusMs(running.dueAt, -1), 'wait'],
    ['when it is due', running.dueAt, 'open'],
    ['a day late, as people begin to order', THIRD, 'open'],
    ['late, with more than half of the time left', plusMs(THIRD, 24 * HOUR_MS - 1), 'open'],
    ['with half of the time gone', plusMs(THIRD, 24 * HOUR_MS), 'missed'],
    ['after the closing', plusMs(THIRD, 3 * DAY_MS), 'missed'],
  ] as const)('%s', (_when, now, turn) => {
    expect(turnOf(running, now)).toBe(turn)
  })
})

describe('after a week', () => {
  it.each(['opened', 'missed'] as const)('%s, the next one comes a week later', (outcome) => {
    expect(afterWeek(running, { outcome }, THIRD)).toEqual({ ...running, week: 4, dueAt: '2026-12-20T00:00:00.000Z' })
  })

  it('refused before the opening time, it is tried again within the hour and at the opening time at the latest', () => {
    const early = afterWeek(running, { outcome: 'refused' }, running.dueAt)
    expect(early).toEqual({ ...running, dueAt: plusMs(running.dueAt, HOUR_MS) })
    expect(isFinalWeek({ outcome: 'refused' }, running, running.dueAt)).toBe(false)
    expect(afterWeek(running, { outcome: 'refused' }, plusMs(THIRD, -60_000))).toEqual({ ...running, dueAt: THIRD })
  })

  it('refused at the opening time, it is over', () => {
    expect(isFinalWeek({ outcome: 'refused' }, running, THIRD)).toBe(true)
    expect(afterWeek(running, { outcome: 'refused' }, THIRD)).toMatchObject({ week: 4 })
  })

  it('that was the last one, nothing follows', () => {
    const last = { ...running, week: 5, dueAt: '2026-12-27T00:00:00.000Z' }
    expect(afterWeek(last, { outcome: 'opened' }, last.dueAt)).toBeUndefined()
    expect(afterWeek(last, { outcome: 'refused' }, last.dueAt)).toMatchObject({ week: 5 })
  })
})

describe('whatever the clock does', () => {
  it('each week is decided once, none after the last, and none is opened in the past', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 20 * 24 * 60 }), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(pauses, fc.boolean(), (minutes, refuses) => {
        let repetition: Repetition | undefined = { window, week: 1, lastWeek: 6, dueAt: '2026-11-29T00:00:00.000Z' }
        let now = NOW
        const decided: number[] = []
        for (const pause of minutes) {
          now = plusMs(now, pause * 60_000)
          if (repetition === undefined) break
          const turn = turnOf(repetition, now)
          if (turn === 'wait') continue
          const { closesAt } = weeksLater(window, repetition.week)
          if (turn === 'open') expect(now < closesAt).toBe(true)
          const outcome = turn === 'missed' ? 'missed' : refuses ? 'refused' : 'opened'
          if (isFinalWeek({ outcome }, repetition, now)) decided.push(repetition.week)
          repetition = afterWeek(repetition, { outcome }, now)
        }
        expect(decided).toEqual(decided.map((_, at) => at + 1))
        expect(decided.length).toBeLessThanOrEqual(6)
      }),
    )
  })
})
