import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hookEvents,
  type HookEventType,
  hookPayloadSchema,
  hookTypes,
  PAYLOAD_BYTES_MAX,
} from '#shared/contracts/hooks-events.ts'
import { deliveryIdSchema, deliveryStates, OLD_KEY_HOURS } from '#shared/contracts/hooks.ts'
import type { ProposalMoved, SaleEvent, SaleRecorded } from '#shared/contracts/events.ts'
import { afterAttempt, deliveryIdFrom, deliveryIdOf, deliveryTransitions } from '#shared/domain/hooks/delivery.ts'
import { keysInUse, rotateKeys } from '#shared/domain/hooks/keys.ts'
import { newsOf, saleToRead, testNews } from '#shared/domain/hooks/news.ts'
import {
  ATTEMPT_MS,
  LEASE_MS,
  nextTryAt,
  restUntil,
  spreadFrom,
  RETRY_AFTER_MAX_MS,
  retryAfterMs,
  TRIES_MAX,
  WAITS_MS,
} from '#shared/domain/hooks/schedule.ts'
import { type HookOwner, looksAfter } from '#shared/domain/hooks/scope.ts'
import { DAY_MS, HOUR_MS, plusMs, toMs } from '#shared/kernel/time.ts'
import { type BadUrl, badUrl } from '#shared/kernel/outgoing-url.ts'
import { reversal, sale, settlement } from './fund-story.ts'

const NOW = '2026-11-27T04:00:00.000Z'
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('attempts', () => {
  it('are ten, over a little more than three days, as Standard Webhooks recommends', () => {
    expect(TRIES_MAX).toBe(10)
    expect(WAITS_MS.map((ms) => ms / 1000)).toEqual([0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
    const total = WAITS_MS.reduce((sum, ms) => sum + ms, 0)
    expect(total).toBe(((75 * 60 + 35) * 60 + 5) * 1000)
  })

  it('never come before their time, and at most a tenth later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: TRIES_MAX - 1 }), chances, (tries, chance) => {
        const waited = toMs(nextTryAt(tries, NOW, chance) ?? '') - toMs(NOW)
        const planned = WAITS_MS[tries] ?? 0
        expect(waited).toBeGreaterThanOrEqual(planned)
        expect(waited).toBeLessThanOrEqual(Math.ceil(planned * 1.1))
      }),
    )
    expect(nextTryAt(TRIES_MAX, NOW, 0)).toBeUndefined()
  })

  it('wait as long as the receiver asks, but a day at most, and never less than planned', () => {
    const after = (asked: number, tries = 1) => toMs(nextTryAt(tries, NOW, 0, asked) ?? '') - toMs(NOW)
    expect(after(90_000)).toBe(90_000)
    expect(after(1)).toBe(5_000)
    expect(after(400 * DAY_MS)).toBe(RETRY_AFTER_MAX_MS)
    expect(after(RETRY_AFTER_MAX_MS, 9)).toBe(24 * HOUR_MS)
  })

  it('end well before somebody else may take the delivery', () => {
    expect(ATTEMPT_MS).toBeLessThan(LEASE_MS / 2)
  })

  it('of others give a failing receiver rest of five to ten minutes, or what it asked for', () => {
    fc.assert(
      fc.property(chances, (chance) => {
        const rested = toMs(restUntil(NOW, chance)) - toMs(NOW)
        expect(rested).toBeGreaterThanOrEqual(300_000)
        expect(rested).toBeLessThanOrEqual(600_000)
      }),
    )
    expect(spreadFrom(NOW, 0)).toBe(NOW)
    expect(toMs(spreadFrom(NOW, 0.999)) - toMs(NOW)).toBeLessThanOrEqual(300_000)
    expect(toMs(restUntil(NOW, 0, HOUR_MS)) - toMs(NOW)).toBe(HOUR_MS)
    expect(toMs(restUntil(NOW, 0, 99 * DAY_MS)) - toMs(NOW)).toBe(RETRY_AFTER_MAX_MS)
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['Fri, 27 Nov 2026 04:01:00 GMT', 60_000],
    ['Fri, 27 Nov 2026 03:00:00 GMT', 0],
    ['-5', 0],
    ['soon', 0],
    ['1e3', 0],
    ['99999999999', 0],
    ['2026', 2_026_000],
    ['', 0],
    [undefined, 0],
  ])('%s is %d ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms)
  })
})

describe('what follows an attempt', () => {
  const type = 'sale.recorded.v1' as const
  const after = (attempted: Parameters<typeof afterAttempt>[1], tries = 1, of: HookEventType = type) =>
    afterAttempt({ type: of, tries }, attempted, NOW, 0)

  it('is the next one, unless it arrived, the receiver is gone, or none is left', () => {
    expect(after({ outcome: 'delivered', status: 204 })).toEqual({ state: 'delivered', askedMs: 0 })
    expect(after({ outcome: 'status', status: 500 })).toEqual({ state: 'due', nextAt: plusMs(NOW, 5_000), askedMs: 0 })
    expect(after({ outcome: 'time-out' }, 3)).toMatchObject({ state: 'due', nextAt: plusMs(NOW, 30 * 60_000) })
    expect(after({ outcome: 'status', status: 410 })).toEqual({ state: 'failed', means: 'gone', askedMs: 0 })
    expect(after({ outcome: 'time-out' }, TRIES_MAX)).toEqual({ state: 'failed', means: 'given-up', askedMs: 0 })
  })

  it('listens to Retry-After of 429 and 503, and of nothing else', () => {
    for (const status of [429, 503]) {
      expect(after({ outcome: 'status', status, retryAfter: '60' })).toMatchObject({
        nextAt: plusMs(NOW, 60_000),
        askedMs: 60_000,
      })
    }
    for (const status of [301, 404, 500, 502]) {
      expect(after({ outcome: 'status', status, retryAfter: '60' })).toMatchObject({
        nextAt: plusMs(NOW, 5_000),
        askedMs: 0,
      })
    }
  })

  it('of a test is nothing', () => {
    expect(after({ outcome: 'status', status: 500 }, 1, 'hook.tested.v1')).toEqual({ state: 'failed', askedMs: 0 })
    expect(after({ outcome: 'status', status: 410 }, 1, 'hook.tested.v1')).toMatchObject({ means: 'gone' })
  })

  it('leads from known states to known ones, each is reached, and each has a way on', () => {
    expect(Object.keys(deliveryTransitions).sort()).toEqual([...deliveryStates].sort())
    const reached = new Set(Object.values(deliveryTransitions).flat())
    expect([...reached].sort()).toEqual([...deliveryStates].sort())
    for (const next of Object.values(deliveryTransitions)) expect(next.length).toBeGreaterThan(0)
  })
})

describe('the name of a delivery', () => {
  it('sorts by the moment of its event, and lies in every stretch that holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 4e12 }), (one, other) => {
        const at = (ms: number) => new Date(ms).toISOString()
        const id = deliveryIdOf(at(one), `msg_${'0'.repeat(32)}`)
        expect(deliveryIdSchema.safeParse(id).success).toBe(true)
        expect(deliveryIdFrom(at(other)) <= id).toBe(other <= one)
        expect(id <= `${deliveryIdFrom(at(other))}~`).toBe(one <= other)
      }),
    )
  })
})

describe('who looks after a subscription', () => {
  const owners: readonly HookOwner[] = [
    { kind: 'district' },
    { kind: 'community', id: 'north' },
    { kind: 'community', id: 'south' },
    { kind: 'coop', id: 'north' },
  ]
  it.each([
    ['an administrator', [{ role: 'admin', scopeId: 'd' }], [true, true, true, true]],
    ['a worker', [{ role: 'worker', scopeId: 'north' }], [false, true, false, false]],
    ['a member of a co-op', [{ role: 'coop', scopeId: 'north' }], [false, false, false, true]],
    ['a resident', [{ role: 'resident', scopeId: 'north' }], [false, false, false, false]],
    ['a building leader', [{ role: 'leader', scopeId: 'north' }], [false, false, false, false]],
    ['the charity', [{ role: 'charity', scopeId: 'north' }], [false, false, false, false]],
    ['nobody', [], [false, false, false, false]],
    [
      'a worker who is a member of a co-op',
      [
        { role: 'coop', scopeId: 'north' },
        { role: 'worker', scopeId: 'south' },
      ],
      [false, false, true, true],
    ],
  ] as const)('%s', (_who, memberships, expected) => {
    expect(owners.map((owner) => looksAfter(memberships, owner))).toEqual(expected)
  })
})

describe('news', () => {
  const recorded = sale('s-1', 860) as SaleRecorded
  const all: readonly [SaleEvent, SaleRecorded | undefined][] = [
    [recorded, undefined],
    [reversal('r-1', 's-1', 100), recorded],
    [settlement('s-1'), recorded],
  ]

  it('of an event goes to its compound, its community, its co-op and the district, whichever event it is', () => {
    for (const [event, of] of all) {
      const { scopes } = newsOf(event, of)
      expect(scopes.map((scope) => JSON.stringify(scope)).sort()).toEqual(
        [
          { kind: 'community', id: recorded.communityId },
          { kind: 'compound', id: recorded.compoundId },
          { kind: 'coop', id: recorded.coopId },
          { kind: 'district' },
        ].map((scope) => JSON.stringify(scope)),
      )
    }
  })

  it('tells of a step that paid for a project which payment it was and how much, and of no other step a sum', () => {
    const moved: ProposalMoved = {
      ...{ type: 'proposal.moved.v1', proposalId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77', compoundId: 'c-1' },
      ...{ communityId: 'community-1', step: 21, state: 'executing', occurredAt: '2026-11-27T04:00:00.000Z' },
    }
    const payment = { number: 1, count: 3, amountFen: 35_000 }
    const dataOf = (event: ProposalMoved) => (JSON.parse(newsOf(event, undefined).payload) as { data: object }).data
    expect(dataOf({ ...moved, payment })).toMatchObject({ step: 21, state: 'executing', payment })
    expect(dataOf(moved)).not.toHaveProperty('payment')
  })

  it('of a sale that is gone goes to nobody who might not be concerned', () => {
    const { scopes, payload } = newsOf(reversal('r-1', 's-1', 100), undefined)
    expect(scopes).toEqual([{ kind: 'district' }, { kind: 'compound', id: recorded.compoundId }])
    expect(hookPayloadSchema('sale.reversed.v1').safeParse(JSON.parse(payload)).success).toBe(true)
  })

  it('reads the sale where the event itself does not say whose it is', () => {
    expect(saleToRead(recorded)).toBeUndefined()
    expect(saleToRead(settlement('s-1'))).toMatchObject({ saleId: 's-1', compoundId: recorded.compoundId })
  })

  it('is thin: ids and a path, as its schema says, and no amount, reason, agreement, order or household', () => {
    for (const [event, of] of all) {
      // What an event may come to hold one day.
      const fat = {
        ...event,
        householdId: 'c-1.3.2.501',
        orderId: 'secret-order',
        note: '王大妈',
        phone: '13800000000',
      }
      const { payload } = newsOf(fat as unknown as SaleEvent, of)
      const told = JSON.parse(payload) as { type: HookEventType; data: Record<string, unknown> }
      expect(hookPayloadSchema(told.type).parse(told)).toEqual(told)
      expect(payload).not.toMatch(/Fen|rate|agreement|reason|household|order|note|phone|王|138/i)
      expect(payload.length).toBeLessThan(1_000)
      for (const value of Object.values(told.data)) expect(String(value)).toMatch(/^[\w.:/?=&%-]+$/)
    }
  })

  it('is the same, byte for byte, each time', () => {
    for (const [event, of] of all) expect(newsOf({ ...event }, of && { ...of })).toEqual(newsOf(event, of))
  })

  it('of a test says which subscription, and where it can be read', () => {
    const told = JSON.parse(testNews('7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01', 'x', NOW).payload)
    expect(hookPayloadSchema('hook.tested.v1').parse(told)).toEqual(told)
  })
})

describe('the catalogue', () => {
  it.each(Object.keys(hookEvents) as HookEventType[])('%s has an example that its schema takes, and small', (type) => {
    const example = { type, ...hookEvents[type].example }
    expect(hookPayloadSchema(type).parse(example)).toEqual(example)
    expect(JSON.stringify(example).length).toBeLessThan(PAYLOAD_BYTES_MAX)
    expect(hookPayloadSchema(type).safeParse({ ...example, data: { ...example.data, orderId: 'x' } }).success).toBe(
      false,
    )
  })

  it('lets one subscribe to all but the test, and the question of a check', () => {
    expect([...hookTypes, 'hook.tested.v1', 'disbursement.check.v1'].sort()).toEqual(Object.keys(hookEvents).sort())
  })
})

describe('keys', () => {
  const key = (n: number, endsAt?: string) => ({
    ...{ secret: `whsec_${n}`, privateKey: `whsk_${n}`, publicKey: `whpk_${n}`, madeAt: NOW },
    ...(endsAt === undefined ? {} : { endsAt }),
  })
  const rotated = (keys: ReturnType<typeof key>[], n: number, old: 'sign-along' | 'stop', now = NOW) => {
    const rotation = rotateKeys(keys, key(n), old, now)
    if (rotation.kind === 'refused') return rotation.code
    return rotation.keys.map(({ secret, endsAt }) => [secret, endsAt])
  }

  it('that are replaced sign along for a day', () => {
    const ends = plusMs(NOW, OLD_KEY_HOURS * HOUR_MS)
    expect(rotated([key(1)], 2, 'sign-along')).toEqual([
      ['whsec_2', undefined],
      ['whsec_1', ends],
    ])
    const both = [key(2), key(1, ends)]
    expect(keysInUse(both, plusMs(ends, -1)).map(({ secret }) => secret)).toEqual(['whsec_2', 'whsec_1'])
    expect(keysInUse(both, ends).map(({ secret }) => secret)).toEqual(['whsec_2'])
  })

  it('are not replaced again before that, for somebody still relies on the old ones; then they are', () => {
    const ends = plusMs(NOW, DAY_MS)
    expect(rotated([key(2), key(1, ends)], 3, 'sign-along')).toBe('KEYS_CHANGING')
    expect(rotated([key(2), key(1, ends)], 3, 'sign-along', ends)).toEqual([
      ['whsec_3', undefined],
      ['whsec_2', plusMs(ends, DAY_MS)],
    ])
  })

  it('that leaked end at once, and older ones with them', () => {
    expect(rotated([key(2), key(1, plusMs(NOW, DAY_MS))], 3, 'stop')).toEqual([['whsec_3', undefined]])
  })
})

describe('an address', () => {
  it.each<[string, BadUrl | undefined]>([
    ['https://example.com', undefined],
    ['https://example.com/hooks?token=a%20b', undefined],
    ['https://example.com:443/', undefined],
    ['https://example.com:8443/', undefined],
    ['https://example.com:1024/', undefined],
    ['https://例子.测试/钩子', undefined],
    ['HTTPS://EXAMPLE.COM/', undefined],
    ['http://example.com/', 'not-https'],
    ['https://example.com:80/', 'bad-port'],
    ['https://example.com:22/', 'bad-port'],
    ['https://example.com:1023/', 'bad-port'],
    ['https://me:secret@example.com/', 'with-password'],
    ['https://me@example.com/', 'with-password'],
    ['https://example.com/#a', 'with-fragment'],
    ['ftp://example.com/', 'not-an-address'],
    ['file:///etc/passwd', 'not-an-address'],
    ['javascript:alert(1)', 'not-an-address'],
    ['//example.com/', 'not-an-address'],
    ['example.com', 'not-an-address'],
    ['https:example.com', 'not-an-address'],
    ['https://', 'not-an-address'],
    ['', 'not-an-address'],
  ])('%s: %s', (url, why) => {
    expect(badUrl(url, false)).toBe(why)
  })

  it('of this machine may do without https where a setting says so, and still not with every port', () => {
    expect(badUrl('http://127.0.0.1:8090/hooks', true)).toBeUndefined()
    expect(badUrl('http://127.0.0.1/', true)).toBe('bad-port')
    expect(badUrl('http://127.0.0.1:22/', true)).toBe('bad-port')
  })
})
