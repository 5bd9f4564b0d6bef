import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PICK_UP_WITHIN_DAYS } from '#shared/domain/group-buys/window.ts'
import {
  decideCollect,
  type HandableLine,
  type HandableOrder,
  type HandableShare,
  portionsLeft,
  undoMoves,
} from '#shared/domain/orders/collect-shares.ts'
import { earliestClosing, hasBegun, isAtCounter } from '#shared/domain/orders/pick-up-window.ts'
import { handableStates, shareTransitions } from '#shared/domain/orders/states.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'

const NOW = '2026-11-25T02:00:00.000Z'

const line = (more: Partial<HandableLine> = {}): HandableLine => ({
  lineId: '1-1',
  name: '番茄',
  quantity: 3,
  dropped: 0,
  amountFen: 900,
  refundedFen: 0,
  handedOut: 0,
  ...more,
})
const share = (more: Partial<HandableShare> = {}): HandableShare => ({
  saleId: 's-1',
  groupBuyId: 'gb-1',
  state: 'confirmed',
  refundedFen: 0,
  pickUpStartsAt: '2026-11-25T08:00:00.000Z',
  lines: [line(), line({ lineId: '1-2', name: '黄瓜', quantity: 1 })],
  ...more,
})
const order = (...shares: HandableShare[]): HandableOrder => ({ state: 'paid', shares })
const want = (lineId: string, portions: number, saleId = 's-1') => ({ saleId, lineId, portions })

function decided(given: HandableOrder, wanted?: ReturnType<typeof want>[]) {
  const decision = decideCollect(given, wanted, NOW)
  if (decision.kind === 'refused') throw new Error(decision.code)
  return decision
}
const codeOf = (given: HandableOrder, wanted?: ReturnType<typeof want>[]) => {
  const decision = decideCollect(given, wanted, NOW)
  return decision.kind === 'refused' ? decision.code : undefined
}

describe('what still lies at the counter of a line', () => {
  it.each([
    ['nothing was handed out', {}, 3],
    ['one portion is out', { handedOut: 1 }, 2],
    ['all of it is out', { handedOut: 3 }, 0],
    ['a price step gave money back', { refundedFen: 450 }, 3],
    ['all but a fen was refunded', { refundedFen: 899 }, 3],
    ['its money went back completely', { refundedFen: 900 }, 0],
    ['it was handed out and then refunded', { refundedFen: 900, handedOut: 2 }, 0],
    ['one portion did not come', { dropped: 1, refundedFen: 300 }, 2],
    ['one did not come and the others are out', { dropped: 1, refundedFen: 300, handedOut: 2 }, 0],
    ['it cost nothing', { amountFen: 0 }, 3],
  ])('%s', (_what, more, left) => expect(portionsLeft(line(more))).toBe(left))
})

describe('handing out', () => {
  it('everything makes the share collected', () => {
    const { lines, moves } = decided(order(share()))
    expect(lines).toEqual([want('1-1', 3), want('1-2', 1)])
    expect(moves).toMatchObject([{ state: 'collected' }])
  })

  it('a part leaves the share where it was, and the rest completes it', () => {
    const { moves } = decided(order(share()), [want('1-1', 2)])
    expect(moves).toMatchObject([{ state: 'confirmed' }])
    expect(moves[0]?.handedOut).toEqual(
      new Map([
        ['1-1', 2],
        ['1-2', 0],
      ]),
    )
    const rest = share({ lines: [line({ handedOut: 2 }), line({ lineId: '1-2', quantity: 1 })] })
    expect(decided(order(rest)).lines).toEqual([want('1-1', 1), want('1-2', 1)])
    expect(decided(order(rest)).moves).toMatchObject([{ state: 'collected' }])
  })

  it('the same line twice counts together', () => {
    expect(decided(order(share()), [want('1-1', 1), want('1-1', 1)]).lines).toEqual([want('1-1', 2)])
    expect(codeOf(order(share()), [want('1-1', 2), want('1-1', 2)])).toBe('TOO_MANY_PORTIONS')
  })

  it('leaves out what was completely refunded, and the share is collected without it', () => {
    const given = share({ refundedFen: 900, lines: [line({ refundedFen: 900 }), line({ lineId: '1-2' })] })
    expect(decided(order(given)).lines).toEqual([want('1-2', 3)])
    expect(decided(order(given)).moves).toMatchObject([{ state: 'collected' }])
    expect(codeOf(order(given), [want('1-1', 1)])).toBe('TOO_MANY_PORTIONS')
  })

  it('leaves next week’s goods where they are, unless they are named or reported ready', () => {
    const later = share({ saleId: 's-2', groupBuyId: 'gb-2', pickUpStartsAt: '2026-12-02T08:00:00.000Z' })
    const saleIds = (given: HandableOrder) => decided(given).moves.map((move) => move.share.saleId)
    expect(saleIds(order(share(), later))).toEqual(['s-1'])
    expect(saleIds(order(share(), { ...later, state: 'ready' }))).toEqual(['s-1', 's-2'])
    expect(codeOf(order(later))).toBe('PICK_UP_NOT_BEGUN')
    expect(decided(order(later), [want('1-1', 1, 's-2')]).moves).toHaveLength(1)
  })

  it.each([
    ['an unpaid order', { ...order(share()), state: 'pending_payment' }, undefined, 'ORDER_NOT_PAID'],
    ['an order whose group buy is not sure', order(share({ state: 'reserved' })), undefined, 'GOODS_NOT_CONFIRMED'],
    ['a line of such a share', order(share({ state: 'reserved' })), [want('1-1', 1)], 'GOODS_NOT_CONFIRMED'],
    ['a line of a failed group buy', order(share({ state: 'failed' })), [want('1-1', 1)], 'GOODS_NOT_CONFIRMED'],
    ['a failed group buy', order(share({ state: 'failed' })), undefined, 'NOTHING_TO_HAND_OUT'],
    ['a refunded share', order(share({ state: 'refunded' })), [want('1-1', 1)], 'TOO_MANY_PORTIONS'],
    ['a collected share', order(share({ state: 'collected' })), undefined, 'NOTHING_TO_HAND_OUT'],
    ['more than there is', order(share()), [want('1-1', 4)], 'TOO_MANY_PORTIONS'],
    ['a line that is not there', order(share()), [want('9-9', 1)], 'UNKNOWN_LINE'],
    ['a share that is not there', order(share()), [want('1-1', 1, 's-9')], 'UNKNOWN_LINE'],
  ] as const)('refuses %s', (_what, given, wanted, code) =>
    expect(codeOf(given, wanted === undefined ? undefined : [...wanted])).toBe(code),
  )
})

describe('undoing a hand-out', () => {
  it('gives the portions back, and a collected share goes where it came from', () => {
    const out = share({ state: 'collected', lines: [line({ handedOut: 3 }), line({ lineId: '1-2', handedOut: 3 })] })
    const [move] = undoMoves(order(out), [want('1-2', 2)], new Map([['s-1', 'ready' as const]])) ?? []
    expect(move?.state).toBe('ready')
    expect(move?.handedOut.get('1-1')).toBe(3)
    expect(move?.handedOut.get('1-2')).toBe(1)
  })

  it.each(['confirmed', 'ready', 'settled', 'refunded'] as const)('leaves a share that is %s as it is', (state) => {
    const out = share({ state, lines: [line({ handedOut: 1 })] })
    expect(undoMoves(order(out), [want('1-1', 1)], new Map())).toMatchObject([{ state }])
  })

  it('never gives back what is not out', () => {
    expect(undoMoves(order(share()), [want('1-1', 1)], new Map())).toBeUndefined()
  })

  it('any number of hand-outs, undone in any order, never passes the quantity and ends where it began', () => {
    const steps = fc.array(fc.record({ at: fc.nat(1), portions: fc.integer({ min: 1, max: 4 }), undo: fc.boolean() }))
    fc.assert(
      fc.property(steps, (taken) => {
        let now = share()
        const out: { saleId: string; lineId: string; portions: number }[][] = []
        const apply = (handedOut: ReadonlyMap<string, number>, state: HandableShare['state']) => {
          const lines = now.lines.map((each) => ({ ...each, handedOut: handedOut.get(each.lineId) ?? 0 }))
          now = { ...now, state, lines }
          for (const each of lines) expect(each.handedOut).toBeLessThanOrEqual(each.quantity)
          expect(state === 'collected').toBe(lines.every((each) => portionsLeft(each) === 0))
        }
        const undo = (portions: (typeof out)[number]) => {
          const moves = undoMoves(order(now), portions, new Map([['s-1', 'confirmed' as const]]))
          expect(moves).toHaveLength(1)
          for (const move of moves ?? []) apply(move.handedOut, move.state)
        }
        for (const step of taken) {
          const first = step.undo ? out.shift() : undefined
          if (first !== undefined) undo(first)
          const decision = decideCollect(order(now), [want(`1-${step.at + 1}`, step.portions)], NOW)
          if (decision.kind === 'refused') continue
          out.push([...decision.lines])
          for (const move of decision.moves) apply(move.handedOut, move.state)
        }
        for (const portions of out) undo(portions)
        expect(now).toEqual(share())
      }),
    )
  })
})

describe('the states of a share and the counter', () => {
  it('go to collected only from where goods are handed out, and back there alone when that is undone', () => {
    const before = Object.entries(shareTransitions).filter(([, to]) => to.includes('collected'))
    expect(before.map(([state]) => state)).toEqual(handableStates)
    const back = shareTransitions.collected.filter((state) => state !== 'settled' && state !== 'refunded')
    expect(back).toEqual(handableStates)
  })
})

describe('the time of the counter', () => {
  const times = { closesAt: '2026-11-24T12:00:00.000Z', pickUpEndsAt: '2026-11-26T12:00:00.000Z' }
  it.each([
    ['2026-11-24T11:59:59.999Z', false],
    ['2026-11-24T12:00:00.000Z', true],
    ['2026-12-03T12:00:00.000Z', true],
    ['2026-12-03T12:00:00.001Z', false],
  ])('at %s: %s', (now, there) => expect(isAtCounter(times, now)).toBe(there))

  it('reaches back as far as a group buy may be handed out after its closing', () => {
    const now = '2026-12-15T12:00:00.000Z'
    expect(earliestClosing(now, PICK_UP_WITHIN_DAYS)).toBe('2026-11-24T12:00:00.000Z')
    expect(isAtCounter({ ...times, pickUpEndsAt: '2026-12-08T12:00:00.000Z' }, now)).toBe(true)
  })

  it('begins with the Shanghai day of the pick-up', () => {
    const share = { pickUpStartsAt: '2026-11-25T08:00:00.000Z' }
    expect(hasBegun(share, '2026-11-24T15:59:59.999Z')).toBe(false)
    expect(hasBegun(share, '2026-11-24T16:00:00.000Z')).toBe(true)
  })
})

describe('households in the order of walking', () => {
  it('go by building, unit and room as numbers', () => {
    const walked = ['c-1.2.1.101', 'c-1.2.1.902', 'c-1.2.1.1001', 'c-1.2.2.101', 'c-1.10.1.101', 'c-1.a.1.101']
    expect(walked.toReversed().sort(compareHouseholds)).toEqual(walked)
    expect(compareHouseholds('c-1.2.1.101', 'c-1.2.1.101')).toBe(0)
  })
})
