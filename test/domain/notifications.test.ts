import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSING_SOON_HOURS, PICK_UP_ENDS_SOON_HOURS, UNREAD_DAYS } from '#shared/contracts/notifications.ts'
import { inboxesOf, newestOf, PAST_HOMES_READ, unreadOf } from '#shared/domain/notifications/inbox.ts'
import { canAsk, closingReminderAt, dueReminder, pickUpReminderAt } from '#shared/domain/notifications/reminders.ts'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'

const NAMES = { person: 'me', household: (householdId: string) => `home ${householdId}` }
const home = (householdId: string, isHeld: boolean, isVerified: boolean) => ({ householdId, isHeld, isVerified })

describe('inboxes', () => {
  it('are one’s own and the household’s: wholly when verified and held, else only what is one’s own of it', () => {
    expect(inboxesOf(NAMES, [home('a', true, true)])).toEqual([
      { name: 'me', seesAll: true },
      { name: 'home a', seesAll: true },
    ])
    expect(inboxesOf(NAMES, [home('a', true, false), home('b', false, true)])).toEqual([
      { name: 'me', seesAll: true },
      { name: 'home a', seesAll: false },
      { name: 'home b', seesAll: false },
    ])
    expect(inboxesOf(NAMES, [])).toEqual([{ name: 'me', seesAll: true }])
  })

  it('are few, however often somebody moved', () => {
    const past = Array.from({ length: 50 }, (_none, n) => home(String(n), false, true))
    expect(inboxesOf(NAMES, past)).toHaveLength(1 + PAST_HOMES_READ)
  })

  it('make pages that lose nothing and show nothing twice, in order, whatever lies in which', () => {
    const told = fc.record({ at: fc.integer({ min: 0, max: 40 }), personId: fc.constantFrom('me', 'other') })
    fc.assert(
      fc.property(
        fc.array(fc.array(told, { maxLength: 12 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 7 }),
        (given, limit) => {
          const inboxes = given.map((notices, n) => ({
            inbox: { name: String(n), seesAll: n === 0 },
            notices: notices
              .map(({ at, personId }, k) => ({
                noticeId: `${String(at).padStart(3, '0')}.${n}-${k}`,
                personId,
                at: instant(at),
              }))
              .sort((a, b) => (a.noticeId > b.noticeId ? -1 : 1)),
          }))
          const wanted = inboxes
            .flatMap(({ inbox, notices }) => notices.filter(({ personId }) => inbox.seesAll || personId === 'me'))
            .map(({ noticeId }) => noticeId)
            .sort((a, b) => (a > b ? -1 : 1))
          const seen: string[] = []
          let after: string | undefined
          for (let turn = 0; turn < 50; turn++) {
            const page = newestOf(
              inboxes.map(({ inbox, notices }) => ({
                inbox,
                notices: notices.filter(({ noticeId }) => after === undefined || noticeId < after).slice(0, limit + 1),
              })),
              'me',
              limit,
            )
            expect(page.items.length).toBeLessThanOrEqual(limit)
            seen.push(...page.items.map(({ noticeId }) => noticeId))
            after = page.after
            if (after === undefined) break
          }
          expect(seen).toEqual(wanted)
        },
      ),
    )
  })

  it('count what is not read, and no older than that', () => {
    const now = instant(UNREAD_DAYS * 2 * DAY_MS)
    const notice = (noticeId: string, days: number) => ({ noticeId, personId: 'me', at: plusMs(now, -days * DAY_MS) })
    const all = [notice('c', 0), notice('b', UNREAD_DAYS), notice('a', UNREAD_DAYS + 1)]
    expect(unreadOf(all, new Set(), now).map(({ noticeId }) => noticeId)).toEqual(['c', 'b'])
    expect(unreadOf(all, new Set(['c']), now).map(({ noticeId }) => noticeId)).toEqual(['b'])
  })
})

describe('a reminder', () => {
  const opensAt = '2026-11-20T00:00:00.000Z'
  const groupBuy = {
    state: 'open',
    opensAt,
    closesAt: plusMs(opensAt, DAY_MS),
    pickUpStartsAt: plusMs(opensAt, 2 * DAY_MS),
    pickUpEndsAt: plusMs(opensAt, 3 * DAY_MS),
  }

  it('comes some hours before the end, and in the middle of a window that is short', () => {
    expect(closingReminderAt(groupBuy)).toBe(plusMs(groupBuy.closesAt, -CLOSING_SOON_HOURS * HOUR_MS))
    expect(pickUpReminderAt(groupBuy)).toBe(plusMs(groupBuy.pickUpEndsAt, -PICK_UP_ENDS_SOON_HOURS * HOUR_MS))
    const short = { ...groupBuy, closesAt: plusMs(opensAt, HOUR_MS) }
    expect(closingReminderAt(short)).toBe(plusMs(opensAt, HOUR_MS / 2))
  })

  it('of the closing is due from then until it closes, while it can be ordered from', () => {
    const at = closingReminderAt(groupBuy)
    expect(dueReminder(groupBuy, plusMs(at, -1))).toBeUndefined()
    expect(dueReminder(groupBuy, at)).toEqual({ kind: 'closing-soon', at })
    expect(dueReminder(groupBuy, plusMs(groupBuy.closesAt, -1))).toEqual({ kind: 'closing-soon', at })
    expect(dueReminder(groupBuy, groupBuy.closesAt)).toBeUndefined()
    for (const state of ['cancelled', 'closing', 'failed'])
      expect(dueReminder({ ...groupBuy, state }, at)).toBeUndefined()
  })

  it('of the pick-up is due from then until it ends, while goods are handed out', () => {
    const at = pickUpReminderAt(groupBuy)
    for (const state of ['confirmed', 'receiving', 'distributing']) {
      expect(dueReminder({ ...groupBuy, state }, plusMs(at, -1))).toBeUndefined()
      expect(dueReminder({ ...groupBuy, state }, at)).toEqual({ kind: 'pick-up-ends-soon', at })
      expect(dueReminder({ ...groupBuy, state }, groupBuy.pickUpEndsAt)).toBeUndefined()
    }
    for (const state of ['failed', 'ended', 'settled', 'open'])
      expect(dueReminder({ ...groupBuy, state }, at)).toBeUndefined()
  })

  it('is asked for a minute before it comes at the latest', () => {
    const at = closingReminderAt(groupBuy)
    expect(canAsk(groupBuy, plusMs(at, -MINUTE_MS - 1))).toBe(true)
    expect(canAsk(groupBuy, plusMs(at, -MINUTE_MS))).toBe(false)
    expect(canAsk({ ...groupBuy, state: 'cancelled' }, opensAt)).toBe(false)
  })
})
