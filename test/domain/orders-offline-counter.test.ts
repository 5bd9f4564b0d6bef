import { describe, expect, it } from 'vitest'
import {
  type CounterList,
  type CounterOrder,
  type CounterShare,
  type HandOut,
  handOutHere,
  handOutStates,
  handOutTransitions,
  isStillShown,
  listStillKept,
  moveHandOut,
  orderNow,
  outcomeOf,
  withoutRoom,
} from '#shared/domain/orders/offline-counter.ts'
import { findOrders, readQr } from '#web/lib/pick-up/find.ts'
import { type Answered, syncWaiting } from '#web/lib/pick-up/sync.ts'

const NOW = '2026-11-25T02:32:00.000Z'
const line = (more: Partial<CounterShare['lines'][number]> = {}) => ({
  ...{ lineId: '1-1', name: '番茄', picture: 'tomato', unitLabel: '500 克', quantity: 3, handedOut: 0, left: 3 },
  ...more,
})
const share = (more: Partial<CounterShare> = {}): CounterShare => ({
  ...{ saleId: 's-1', groupBuyId: 'gb-1', groupBuyTitle: '周末团', coopName: '合作社', state: 'confirmed' },
  ...{ pickUpStartsAt: '2026-11-25T08:00:00.000Z', pickUpEndsAt: '2026-11-25T11:00:00.000Z', hasBegun: true },
  lines: [line(), line({ lineId: '1-2', name: '黄瓜', quantity: 1, left: 1 })],
  ...more,
})
const order = (more: Partial<CounterOrder> = {}): CounterOrder => ({
  ...{ orderId: 'o-1', householdLabel: '东昌苑3号楼2单元501室', pickUpCode: '004711', pickUpPointName: '东门' },
  shares: [share()],
  ...more,
})
const list = (...orders: CounterOrder[]): CounterList => ({
  ...{ compoundId: 'c-1', who: 'me', at: NOW, more: false },
  orders: orders.length === 0 ? [order()] : orders,
})
const wish = (pickUpId: string, lines?: { saleId: string; lineId: string; portions: number }[]) =>
  ({ pickUpId, orderId: 'o-1', proxy: 'self', lines }) as const
const want = (lineId: string, portions: number) => [{ saleId: 's-1', lineId, portions }]

function handedOut(of: CounterList, before: readonly HandOut[], ...how: Parameters<typeof wish>): HandOut {
  const decision = handOutHere(of, before, wish(...how), NOW)
  if (decision.kind === 'refused') throw new Error(decision.code)
  return decision.handOut
}
const codeOf = (of: CounterList, before: readonly HandOut[], ...how: Parameters<typeof wish>) => {
  const decision = handOutHere(of, before, wish(...how), NOW)
  return decision.kind === 'refused' ? decision.code : undefined
}

describe('a counter without a network', () => {
  it('hands out everything by name, with the time of this device', () => {
    expect(handedOut(list(), [], 'p-1')).toMatchObject({
      ...{ pickUpId: 'p-1', state: 'waiting', handedOutAt: NOW, householdLabel: '东昌苑3号楼2单元501室' },
      lines: [
        { lineId: '1-1', portions: 3 },
        { lineId: '1-2', portions: 1 },
      ],
      goods: [
        { name: '番茄', portions: 3 },
        { name: '黄瓜', portions: 1 },
      ],
    })
  })

  it('hands nothing out twice, whole or in parts', () => {
    const whole = handedOut(list(), [], 'p-1')
    expect(codeOf(list(), [whole], 'p-2')).toBe('NOTHING_TO_HAND_OUT')
    expect(codeOf(list(), [whole], 'p-1')).toBe('ALREADY_RECORDED')
    const two = handedOut(list(), [], 'p-1', want('1-1', 2))
    expect(codeOf(list(), [two], 'p-2', want('1-1', 2))).toBe('TOO_MANY_PORTIONS')
    expect(handedOut(list(), [two], 'p-2').lines).toEqual([...want('1-1', 1), ...want('1-2', 1)])
  })

  it('refuses what the server would: not weighed, not begun, not in the list', () => {
    const unweighed = order({ shares: [share({ lines: [line({ awaitsWeight: true })] })] })
    expect(codeOf(list(unweighed), [], 'p-1')).toBe('NOT_WEIGHED')
    const tomorrow = order({ shares: [share({ pickUpStartsAt: '2026-11-26T08:00:00.000Z' })] })
    expect(codeOf(list(tomorrow), [], 'p-1')).toBe('PICK_UP_NOT_BEGUN')
    expect(codeOf(list(tomorrow), [], 'p-1', want('1-1', 1))).toBeUndefined()
    expect(codeOf(list(order({ orderId: 'o-2' })), [], 'p-1')).toBe('NOT_IN_LIST')
  })

  it('counts a hand-out until the list knows it, and not after; a refused one never', () => {
    const waiting = handedOut(list(), [], 'p-1', want('1-1', 2))
    const left = (handOut: HandOut) => orderNow(order(), [handOut]).shares[0]?.lines[0]?.left
    const sent = moveHandOut(waiting, 'sent')
    expect([waiting, sent, moveHandOut(sent, 'listed'), moveHandOut(waiting, 'refused')].map(left)).toEqual([
      1, 1, 3, 3,
    ])
    // The list may know it already though its answer was lost: less is left then, never less than nothing.
    const known = order({ shares: [share({ lines: [line({ handedOut: 2, left: 1 })] })] })
    expect(orderNow(known, [waiting]).shares[0]).toMatchObject({ state: 'collected', lines: [{ left: 0 }] })
  })

  it('finds by code, by room however it is written, and by a QR code', () => {
    const orders = [order(), order({ orderId: 'o-2', householdLabel: '东昌苑13号楼2单元501室', pickUpCode: '004712' })]
    const ids = (wanted: Parameters<typeof findOrders>[1]) =>
      findOrders(orders, wanted, '东昌苑').map((each) => each.orderId)
    expect(ids({ code: '004711' })).toEqual(['o-1'])
    expect(ids({ rooms: { building: '３栋', unit: '二单元', room: '0501' } })).toEqual(['o-1'])
    expect(ids({ rooms: { building: '', unit: '2', room: '501' } })).toEqual([])
    const orderId = '0b1d9a54-9d3c-4f0e-8f27-3f3f4f1f6a01'
    expect(readQr(`https://xianglai.example/staff/orders/${orderId}?code=004711`)).toEqual({ orderId, code: '004711' })
    expect(readQr('００４７１１')).toEqual({ code: '004711' })
    expect(readQr('https://pay.example/004711')).toBeUndefined()
    expect(readQr('004711x')).toBeUndefined()
  })
})

describe('a hand-out in the queue', () => {
  it('is in a state that is known, reachable, and has an end', () => {
    expect(Object.keys(handOutTransitions).sort()).toEqual([...handOutStates].sort())
    const reachable = new Set(['waiting', ...Object.values(handOutTransitions).flat()])
    expect([...reachable].sort()).toEqual([...handOutStates].sort())
  })

  it('goes one way: an answer that comes late changes nothing', () => {
    const waiting = handedOut(list(), [], 'p-1')
    const sent = moveHandOut(waiting, 'sent')
    expect(moveHandOut(sent, 'refused', '晚了')).toBe(sent)
    expect(moveHandOut(waiting, 'listed')).toBe(waiting)
    expect(moveHandOut(waiting, 'refused', '已退款')).toMatchObject({ state: 'refused', reason: '已退款' })
  })

  it.each([
    [200, undefined, 'sent'],
    [409, 'TOO_MANY_PORTIONS', 'refused'],
    [422, 'HANDED_OUT_TOO_LONG_AGO', 'refused'],
    [404, 'NOT_FOUND', 'refused'],
    [409, 'ANOTHER_PERSON', 'another-person'],
    [401, 'UNAUTHENTICATED', 'sign-in'],
    [403, 'FORBIDDEN', 'later'],
    [429, 'BUSY', 'later'],
    [503, 'UNREACHABLE', 'later'],
    [0, undefined, 'later'],
  ])('that is answered with %s %s is %s', (status, code, outcome) => expect(outcomeOf(status, code)).toBe(outcome))

  it('and its order are forgotten a day after the pick-up; what is not recorded stays', () => {
    const day = '2026-11-26T11:00:00.000Z'
    const later = '2026-11-26T11:00:00.001Z'
    expect(listStillKept(list(), day)).toEqual(list())
    expect(listStillKept(list(), later)).toBeUndefined()
    const long = order({ orderId: 'o-2', shares: [share({ pickUpEndsAt: '2026-11-30T11:00:00.000Z' })] })
    expect(listStillKept(list(order(), long), later)?.orders).toEqual([long])
    const waiting = handedOut(list(), [], 'p-1')
    const listed = moveHandOut(moveHandOut(waiting, 'sent'), 'listed')
    expect([waiting, listed].map((each) => isStillShown(each, '2026-11-30T00:00:00.000Z'))).toEqual([true, false])
  })

  it('tells another person nothing of the room, and is kept for whom it belongs to', () => {
    const waiting = handedOut(list(), [], 'p-1')
    const left = withoutRoom(waiting)
    expect(JSON.stringify(left)).not.toMatch(/501|004711|番茄/)
    expect(left).toMatchObject({ pickUpId: 'p-1', who: 'me', lines: waiting.lines })
    expect(withoutRoom(moveHandOut(waiting, 'sent'))).toBeUndefined()
  })
})

describe('sending the queue', () => {
  /** A server that carries each id out once, and a queue that lives longer than the tab. */
  function counter(answers: (handOut: HandOut) => Answered | 'lost') {
    const queue = new Map<string, HandOut>()
    const recorded: string[] = []
    for (const pickUpId of ['p-1', 'p-2', 'p-3']) queue.set(pickUpId, handedOut(list(), [], pickUpId))
    const sync = () =>
      syncWaiting({
        waiting: async () => [...queue.values()].filter(({ state }) => state === 'waiting'),
        send: async (handOut) => {
          const answer = answers(handOut)
          const ok = answer === 'lost' || answer.status === 200
          if (ok && !recorded.includes(handOut.pickUpId)) recorded.push(handOut.pickUpId)
          if (answer === 'lost') throw new Error('the tab was closed')
          return answer
        },
        mark: async (pickUpId, to, reason) => {
          const known = queue.get(pickUpId)
          if (known !== undefined) queue.set(pickUpId, moveHandOut(known, to, reason))
        },
      })
    return { queue, recorded, sync, states: () => [...queue.values()].map(({ state }) => state) }
  }

  it('marks each by its own answer, and goes on after one that is refused', async () => {
    const { sync, states, queue } = counter(({ pickUpId }) =>
      pickUpId === 'p-2' ? { status: 409, code: 'NOTHING_TO_HAND_OUT', message: '已经取走' } : { status: 200 },
    )
    expect(await sync()).toBe('all')
    expect(states()).toEqual(['sent', 'refused', 'sent'])
    expect(queue.get('p-2')?.reason).toBe('已经取走')
  })

  it.each([
    ['later', { status: 0 }],
    ['later', { status: 503, code: 'BUSY' }],
    ['sign-in', { status: 401 }],
    ['another-person', { status: 409, code: 'ANOTHER_PERSON' }],
  ] as const)('stops and loses nothing: %s', async (outcome, answer) => {
    const { sync, states } = counter(({ pickUpId }) => (pickUpId === 'p-2' ? answer : { status: 200 }))
    expect(await sync()).toBe(outcome)
    expect(states()).toEqual(['sent', 'waiting', 'waiting'])
  })

  it('dies after the server has carried it out and before that is known: sent again, it is the same one', async () => {
    let isFirst = true
    const { sync, states, recorded } = counter(({ pickUpId }) => {
      if (pickUpId !== 'p-2' || !isFirst) return { status: 200 }
      isFirst = false
      return 'lost'
    })
    await expect(sync()).rejects.toThrow('the tab was closed')
    expect(states()).toEqual(['sent', 'waiting', 'waiting'])
    expect(await sync()).toBe('all')
    expect(states()).toEqual(['sent', 'sent', 'sent'])
    expect(recorded).toEqual(['p-1', 'p-2', 'p-3'])
  })

  it('in two tabs at once records each once', async () => {
    const { sync, states, recorded } = counter(() => ({ status: 200 }))
    await Promise.all([sync(), sync()])
    expect(states()).toEqual(['sent', 'sent', 'sent'])
    expect(recorded).toEqual(['p-1', 'p-2', 'p-3'])
  })
})
