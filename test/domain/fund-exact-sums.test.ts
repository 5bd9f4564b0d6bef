import { describe, expect, it } from 'vitest'
import { isZeroSum } from '#shared/domain/fund/accounts.ts'
import { addToDonor, byDonor, dueFen, remitted, type DonorSums } from '#shared/domain/fund/donor-sums.ts'
import { fen, priceOfWeightFen, timesFen, unitPriceFen, yuan } from '#shared/kernel/money.ts'

const donor: DonorSums = { agreementId: 'a', coopId: 'c', accruedE4Fen: 30_000, settledE4Fen: 20_000 }

describe('an entry', () => {
  it('is balanced in what the fund owns and in where the cash is, each for itself', () => {
    const of = (...postings: readonly (readonly [string, number])[]) =>
      isZeroSum(postings.map(([account, deltaFen]) => ({ account, deltaFen })))
    expect(of(['sales', -5], ['pending', 5], ['settled', -5], ['due', 5])).toBe(true)
    expect(of()).toBe(true)
    // Out by the same sum in both sets, or across them: neither is balance.
    expect(of(['sales', -5], ['due', 5])).toBe(false)
    expect(of(['sales', -5], ['pending', 4])).toBe(false)
    expect(of(['settled', -5], ['due', 4])).toBe(false)
    expect(of(['sales', -5], ['pending', 5], ['settled', -5], ['due', 4])).toBe(false)
    expect(of(['sales', -5], ['pending', 4], ['settled', -5], ['due', 5])).toBe(false)
    expect(of(['elsewhere', 0])).toBe(false)
  })
})

describe('a donor', () => {
  it('never settles what did not accrue, nor less than nothing, nor more than can be counted', () => {
    expect(addToDonor(donor, 0, 10_000)).toMatchObject({ accruedE4Fen: 30_000, settledE4Fen: 30_000 })
    expect(addToDonor(donor, -10_000, 0)).toMatchObject({ accruedE4Fen: 20_000 })
    expect(addToDonor(donor, -30_000, -20_000)).toMatchObject({ accruedE4Fen: 0, settledE4Fen: 0 })
    for (const [accrued, settled] of [
      [0, 10_001],
      [-10_001, 0],
      [0, -20_001],
      [Number.MAX_SAFE_INTEGER, 0],
      [0.5, 0],
    ] as const) {
      expect(() => addToDonor(donor, accrued, settled)).toThrow(/donor|safe/)
    }
  })

  it('owes whole fen, and is ahead when more arrived than has stayed', () => {
    expect([dueFen(donor), dueFen(remitted(donor, 2)), dueFen(remitted(donor, 3))]).toEqual([2, 0, -1])
    expect(remitted(remitted(donor, 3), -3)).toEqual(donor)
    expect(() => remitted(donor, Number.MAX_SAFE_INTEGER + 1)).toThrow(/safe/)
  })

  it('stands in one order: by agreement, then by co-op, in code units', () => {
    const named = (agreementId: string, coopId: string) => ({ ...donor, agreementId, coopId })
    const ordered = [named('A', 'z'), named('a', 'a'), named('a', 'b'), named('b', 'a')]
    const shuffled = [2, 0, 3, 1].map((at) => ordered[at] ?? donor)
    expect([...shuffled].sort(byDonor)).toEqual(ordered)
    expect([byDonor(donor, { ...donor }), byDonor(named('a', 'b'), named('b', 'a'))]).toEqual([0, -1])
    expect(byDonor(named('b', 'a'), named('a', 'b'))).toBe(1)
  })
})

describe('money', () => {
  it('is multiplied in whole fen', () => {
    expect(timesFen(fen(120), 3)).toBe(360)
    expect(() => timesFen(fen(120), 0.5)).toThrow(/a count is a whole number: 0.5/)
  })

  it('weighs no part of a gram and nothing less than nothing', () => {
    expect([priceOfWeightFen(fen(430), 0), priceOfWeightFen(fen(430), 750)]).toEqual([0, 645])
    for (const grams of [-1, 0.5]) expect(() => priceOfWeightFen(fen(430), grams)).toThrow(/grams are whole/)
    expect(() => unitPriceFen(fen(430), 0, 500)).toThrow(/a portion weighs something/)
    expect(unitPriceFen(fen(430), 1, 500)).toBe(215_000)
  })

  it('is written with its sign, and never in parts of a fen', () => {
    expect([yuan(0), yuan(5), yuan(-5), yuan(-860)]).toEqual(['0.00', '0.05', '-0.05', '-8.60'])
    expect(() => yuan(0.5)).toThrow(/fen must be a safe integer: 0.5/)
  })
})
