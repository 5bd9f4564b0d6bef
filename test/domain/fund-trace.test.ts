import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { potChange, potFen, traceFen, type Paid } from '#shared/domain/fund/trace.ts'
import { goldenMovements } from '../contracts/ledger-golden-story.ts'

const paid = (proposalId: string, paidFen: number, seq = 1): Paid => ({ proposalId, paidFen, seq })

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
    expect(traceFen(from, to, payments).map(({ proposalId, amountFen }) => [proposalId, amountFen])).toEqual(parts)
  })

  it('names the entry that paid', () => {
    expect(traceFen(0, 1, payments)).toEqual([{ proposalId: 'a', amountFen: 1, seq: 7 }])
  })

  it('takes no gift below zero', () => {
    expect(() => traceFen(2, 1, payments)).toThrow()
  })

  it('spends no fen twice and misses none, however gifts and payments lie', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 20 })
    fc.assert(
      fc.property(amounts, amounts, (gifts, bills) => {
        const all = bills.map((fen, at) => paid(`p-${at}`, fen, at))
        const given = gifts.reduce((sum, fen) => sum + fen, 0)
        let before = 0
        const parts = gifts.flatMap((fen) => traceFen(before, (before += fen), all))
        const ofProject = (id: string) =>
          parts.filter(({ proposalId }) => proposalId === id).reduce((sum, { amountFen }) => sum + amountFen, 0)
        let rest = given
        for (const { proposalId, paidFen } of all) {
          expect(ofProject(proposalId)).toBe(Math.min(paidFen, Math.max(0, rest)))
          rest -= paidFen
        }
        expect(parts.every(({ amountFen }) => amountFen > 0)).toBe(true)
      }),
    )
  })
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
