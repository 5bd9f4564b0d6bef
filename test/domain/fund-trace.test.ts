import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Gift,
  type Paid,
  potChange,
  potFen,
  type TakeBack,
  takeBackOf,
  type Trace,
  traceGift,
  type TraceRecord,
} from '#shared/domain/fund/trace.ts'
import { goldenMovements } from '../contracts/ledger-golden-story.ts'

const paid = (proposalId: string, paidFen: number, seq = 1): Paid => ({ proposalId, paidFen, seq })

const gift = (saleId: string, settledFen: number, seq: number): Gift => ({ saleId, settledFen, seq })
const record = (words: Partial<TraceRecord>): TraceRecord => ({
  takeBacks: [],
  gifts: new Map(),
  payments: [],
  ...words,
})
const byId = (gifts: readonly Gift[]) => new Map(gifts.map((each) => [each.saleId, each]))
const partsOf = ({ parts }: Trace) => parts.map(({ proposalId, amountFen }) => [proposalId, amountFen])

describe('first in, first out', () => {
  const payments = [paid('a', 100, 7), paid('b', 50, 9), paid('c', 1, 11)]
  it.each<[number, number, [string, number][]]>([
    [0, 100, [['a', 100]]],
    [0, 99, [['a', 99]]],
    [100, 150, [['b', 50]]],
    [
      90,
      160,
      [
        ['a', 10],
        ['b', 50],
        ['c', 1],
      ],
    ],
    [151, 200, []],
    [40, 40, []],
    [150, 151, [['c', 1]]],
  ])('the fen from %i to %i', (from, to, parts) => {
    const trace = traceGift(gift('s', to - from, 3), from, record({ payments }))
    expect(partsOf(trace)).toEqual(parts)
    const spent = parts.reduce((sum, [, fen]) => sum + fen, 0)
    expect(trace).toMatchObject({ broughtFen: to - from, correctedFen: 0, unspentFen: to - from - spent })
  })

  it('names the entry that paid', () => {
    const { parts } = traceGift(gift('s', 1, 3), 0, record({ payments }))
    expect(parts).toEqual([{ proposalId: 'a', amountFen: 1, seq: 7 }])
  })
})

describe('what went back after its settlement', () => {
  const [first, second] = [gift('s-1', 100, 1), gift('s-2', 50, 2)]
  const gifts = byId([first])

  it('is no gift any more, and those behind it move up: 110 of a pot of 110 are of somebody, to the fen', () => {
    const all = record({ takeBacks: [{ seq: 3, takenFen: 40, saleId: 's-1' }], gifts, payments: [paid('a', 110, 4)] })
    expect(traceGift(first, 0, all)).toMatchObject({ broughtFen: 60, parts: [{ amountFen: 60 }], unspentFen: 0 })
    expect(traceGift(second, 100, all)).toMatchObject({ broughtFen: 50, parts: [{ amountFen: 50 }], unspentFen: 0 })
  })

  it('after it was spent is made up by the gifts behind it', () => {
    const all = record({ takeBacks: [{ seq: 4, takenFen: 100, saleId: 's-1' }], gifts, payments: [paid('a', 100, 3)] })
    expect(traceGift(first, 0, all)).toEqual({ broughtFen: 0, parts: [], correctedFen: 0, unspentFen: 0 })
    expect(traceGift(second, 100, all)).toMatchObject({ broughtFen: 50, parts: [{ amountFen: 50 }], unspentFen: 0 })
  })

  it('before the next gift is settled moves it up as well', () => {
    const all = record({ takeBacks: [{ seq: 2, takenFen: 40, saleId: 's-1' }], gifts, payments: [paid('a', 110, 4)] })
    expect(traceGift({ ...second, seq: 3 }, 60, all)).toMatchObject({ parts: [{ amountFen: 50 }] })
  })

  it('beyond what its sale had brought, by the fen of a running sum, is nobody’s, and nobody pays for it twice', () => {
    const all = record({ takeBacks: [{ seq: 3, takenFen: 101, saleId: 's-1' }], gifts, payments: [paid('a', 40, 4)] })
    expect(traceGift(second, 100, all)).toMatchObject({ correctedFen: 1, parts: [{ amountFen: 40 }], unspentFen: 9 })
  })
})

it('a correction takes from the gifts that came first, and is told apart from what was spent', () => {
  const all = record({ takeBacks: [{ seq: 3, takenFen: 30 }], payments: [paid('a', 100, 4)] })
  expect(traceGift(gift('s-1', 100, 1), 0, all)).toEqual({
    ...{ broughtFen: 100, correctedFen: 30, unspentFen: 0 },
    parts: [{ proposalId: 'a', amountFen: 70, seq: 4 }],
  })
  expect(traceGift(gift('s-2', 50, 2), 100, all)).toMatchObject({ correctedFen: 0, parts: [{ amountFen: 30 }] })
})

describe('in any life of a fund', () => {
  const fen = fc.integer({ min: 1, max: 500 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('gift' as const), fen }),
    fc.record({ kind: fc.constant('back' as const), fen, which: fc.nat() }),
    fc.record({ kind: fc.constant('correction' as const), fen }),
    fc.record({ kind: fc.constant('pay' as const), fen }),
  )

  it('no fen is spent twice and none is missing: gifts and payments agree, and so do the parts of each gift', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const gifts: { gift: Gift; potBefore: number }[] = []
        const takeBacks: TakeBack[] = []
        const payments: Paid[] = []
        const takenOf = (saleId: string) =>
          takeBacks.filter((back) => back.saleId === saleId).reduce((sum, { takenFen }) => sum + takenFen, 0)
        let pot = 0
        for (const [at, each] of steps.entries()) {
          const seq = at + 1
          if (each.kind === 'gift') {
            gifts.push({ gift: gift(`s-${seq}`, each.fen, seq), potBefore: pot })
            pot += each.fen
          } else if (each.kind === 'pay') payments.push(paid(`p-${seq}`, each.fen, seq))
          else if (each.kind === 'correction') {
            const takenFen = Math.min(each.fen, Math.max(0, pot))
            if (takenFen > 0) takeBacks.push({ seq, takenFen })
            pot -= takenFen
          } else {
            const of = gifts[each.which % Math.max(1, gifts.length)]?.gift
            const takenFen = of === undefined ? 0 : Math.min(each.fen, of.settledFen - takenOf(of.saleId))
            if (of !== undefined && takenFen > 0) takeBacks.push({ seq, takenFen, saleId: of.saleId })
            pot -= takenFen
          }
        }
        const all = record({ takeBacks, gifts: byId(gifts.map((each) => each.gift)), payments })
        const traces = gifts.map((each) => traceGift(each.gift, each.potBefore, all))
        for (const [at, trace] of traces.entries()) {
          const { settledFen = 0, saleId = '' } = gifts[at]?.gift ?? {}
          expect(trace.broughtFen).toBe(settledFen - takenOf(saleId))
          const spent = trace.parts.reduce((sum, { amountFen }) => sum + amountFen, 0)
          expect(spent + trace.correctedFen + trace.unspentFen).toBe(trace.broughtFen)
          expect(Math.min(trace.correctedFen, trace.unspentFen)).toBeGreaterThanOrEqual(0)
        }
        const outflows = [
          ...payments.map(({ proposalId, paidFen, seq }) => ({ of: proposalId, fen: paidFen, seq })),
          ...takeBacks
            .filter(({ saleId }) => saleId === undefined)
            .map((b) => ({ of: '', fen: b.takenFen, seq: b.seq })),
        ].sort((left, right) => left.seq - right.seq)
        let rest = traces.reduce((sum, { broughtFen }) => sum + broughtFen, 0)
        let corrected = 0
        for (const outflow of outflows) {
          const covered = Math.min(outflow.fen, rest)
          rest -= covered
          if (outflow.of === '') corrected += covered
          else {
            const parts = traces.flatMap((trace) => trace.parts.filter(({ proposalId }) => proposalId === outflow.of))
            expect(parts.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(covered)
          }
        }
        expect(traces.reduce((sum, { correctedFen }) => sum + correctedFen, 0)).toBe(corrected)
        expect(traces.reduce((sum, { unspentFen }) => sum + unspentFen, 0)).toBe(rest)
      }),
    )
  })
})

it('a take-back is any entry that makes the pot smaller, and no other', () => {
  for (const entry of goldenMovements().entries) {
    const change = potChange(entry)
    expect(takeBackOf(entry)?.takenFen, entry.eventId).toBe(change < 0 ? -change : undefined)
  }
})

describe('the pot', () => {
  it('is what was ever to be spent: the fold of its changes, whatever was kept and paid meanwhile', () => {
    const { entries, head } = goldenMovements()
    expect(entries.reduce((sum, entry) => sum + potChange(entry), 0)).toBe(potFen(head.balances))
    for (const entry of entries) {
      const isSpending = ['reservation', 'release', 'disbursement', 'remittance', 'sale', 'in-kind'].includes(
        entry.kind,
      )
      if (isSpending) expect(potChange(entry), entry.eventId).toBe(0)
    }
  })
})
