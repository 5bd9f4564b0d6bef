import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLOSING_SOON_HOURS,
  noticeKinds,
  PICK_UP_ENDS_SOON_HOURS,
  UNREAD_DAYS,
} from '#shared/contracts/notifications.ts'
import {
  decideConfirm,
  decideSendCode,
  EMAIL_CODE_MINUTES,
  EMAIL_CODE_PAUSE_MS,
  EMAIL_CODES_A_DAY,
} from '#shared/domain/notifications/confirm-email.ts'
import { isStale, messageOf } from '#shared/domain/notifications/message.ts'
import { DELIVER_WITHIN_HOURS, nextAttemptAt } from '#shared/domain/notifications/retry.ts'
import { fen } from '#shared/kernel/money.ts'
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

describe('a message', () => {
  const links = { notice: 'https://x.test/notices/1', settings: 'https://x.test/notices/settings' }
  const at = '2026-11-26T11:00:00.000Z'
  const times = { closesAt: at, pickUpStartsAt: at, pickUpEndsAt: at }

  it.each(noticeKinds)('of each kind says what happened, leads to it and to turning it off: %s', (kind) => {
    const { subject, text } = messageOf({ kind, amountFen: fen(1234), ...times }, links)
    expect(subject).toMatch(/^乡来：.{2,20}$/u)
    for (const link of Object.values(links)) expect(text).toContain(link)
    expect(text).not.toMatch(/undefined|NaN/)
  })

  it('names money to the fen and moments as people in Shanghai see them', () => {
    expect(messageOf({ kind: 'refunded', amountFen: fen(1234) }, links)).toMatchObject({ subject: '乡来：退款 ¥12.34' })
    const inCash = messageOf({ kind: 'refunded', amountFen: fen(1234), inCash: true }, links).text
    expect(inCash).toContain('请到社区服务点领现金')
    expect(inCash).not.toContain('原路')
    expect(messageOf({ kind: 'arrived', ...times }, links).text).toContain('请在 11月26日 19:00 前去取')
    expect(messageOf({ kind: 'claim-decided' }, links).text).toContain('没有同意')
    expect(messageOf({ kind: 'closing-soon', ...times }, links).text).toContain('11月26日 19:00 截止')
    expect(messageOf({ kind: 'closing-soon', orderId: 'o', ...times }, links).subject).toBe('乡来：还有一单没付款')
  })

  it('of a statement says whether the co-op gets money, owes it, or neither, to the fen', () => {
    const of = (dueFen: number) => messageOf({ kind: 'statement-made', dueFen }, links)
    expect(of(2_176).subject).toBe('乡来：新结算单，应付合作社 ¥21.76')
    expect(of(2_176).text).toContain('应付合作社 ¥21.76。请核对、确认，区里再转账')
    expect(of(-490).subject).toBe('乡来：新结算单，合作社应退回 ¥4.90')
    expect(of(-490).text).toMatch(/合作社应退回 ¥4\.90。.*到期没有异议，就算确认/)
    expect(of(0).subject).toBe('乡来：新结算单，收支相抵')
    expect(of(0).text).toMatch(/收支相抵，不用转账。.*到期没有异议，就算确认/)
  })

  it('has no point any more when what ends soon has ended', () => {
    for (const kind of ['closing-soon', 'pick-up-ends-soon', 'arrived'] as const) {
      expect(isStale({ kind, ...times }, plusMs(at, -1)), kind).toBe(false)
      expect(isStale({ kind, ...times }, at), kind).toBe(true)
    }
    expect(isStale({ kind: 'refunded', ...times }, plusMs(at, DAY_MS))).toBe(false)
  })

  it('that failed comes back later and later, never beyond its day', () => {
    const any = fc.record({
      attempts: fc.integer({ min: 1, max: 200 }),
      ageMs: fc.integer({ min: 0, max: 30 * HOUR_MS }),
    })
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ({ attempts, ageMs }, chance) => {
        const now = plusMs(at, ageMs)
        const next = nextAttemptAt(at, attempts, now, chance)
        const end = plusMs(at, DELIVER_WITHIN_HOURS * HOUR_MS)
        if (next === undefined) {
          expect(plusMs(now, 2 * HOUR_MS) >= end).toBe(true)
          return
        }
        expect(next > now && next < end).toBe(true)
        expect(next >= plusMs(now, Math.min(HOUR_MS, 2 ** Math.min(attempts, 30) * 30_000))).toBe(true)
      }),
    )
  })
})

describe('an address', () => {
  const wanted = { address: 'a@mail.test', codeHash: 'h' }
  const noon = '2026-11-26T04:00:00.000Z'
  const sent = () => {
    const decision = decideSendCode(undefined, wanted, noon)
    if (decision.kind !== 'send') throw new Error('not sent')
    return decision.pending
  }

  it('is sent a code, not another within a minute, not more than a few on a Shanghai day', () => {
    const pending = sent()
    expect(decideSendCode(pending, wanted, plusMs(noon, EMAIL_CODE_PAUSE_MS - 1))).toMatchObject({
      code: 'CODE_JUST_SENT',
    })
    expect(decideSendCode(pending, wanted, plusMs(noon, EMAIL_CODE_PAUSE_MS))).toMatchObject({
      pending: { sentThatDay: 2 },
    })
    const many = { ...pending, sentThatDay: EMAIL_CODES_A_DAY }
    expect(decideSendCode(many, wanted, plusMs(noon, HOUR_MS))).toMatchObject({ code: 'TOO_MANY_CODES' })
    // Midnight in Shanghai is 16:00 UTC.
    expect(decideSendCode(many, wanted, '2026-11-26T15:59:59.999Z')).toMatchObject({ code: 'TOO_MANY_CODES' })
    expect(decideSendCode(many, wanted, '2026-11-26T16:00:00.000Z')).toMatchObject({ pending: { sentThatDay: 1 } })
  })

  it('is confirmed by its code, in time, while tries are left', () => {
    const pending = sent()
    expect(decideConfirm(pending, 'h', noon)).toEqual({ kind: 'confirmed', address: 'a@mail.test' })
    expect(decideConfirm(pending, 'x', noon)).toEqual({ kind: 'wrong' })
    expect(decideConfirm({ ...pending, triesLeft: 0 }, 'h', noon)).toMatchObject({ code: 'CODE_EXPIRED' })
    expect(decideConfirm(pending, 'h', plusMs(noon, EMAIL_CODE_MINUTES * MINUTE_MS - 1))).toMatchObject({
      kind: 'confirmed',
    })
    expect(decideConfirm(pending, 'h', plusMs(noon, EMAIL_CODE_MINUTES * MINUTE_MS))).toMatchObject({
      code: 'CODE_EXPIRED',
    })
    expect(decideConfirm(undefined, 'h', noon)).toMatchObject({ code: 'CODE_EXPIRED' })
  })
})
