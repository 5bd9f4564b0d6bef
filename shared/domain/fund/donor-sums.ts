import { assert } from '#shared/kernel/assert.ts'

/** 1/10,000 fen in a fen: an amount in fen times a rate in basis points is a whole number of these. */
export const E4 = 10_000

/**
 * Exact sums of one donor (a co-op under an agreement) in 1/10,000 fen.
 * `accruedE4Fen` is N = Σ amountFen × rateBps net of reversals; `settledE4Fen` is S, the same over settled sales.
 *
 * They are JavaScript numbers because they cannot pass 2^53 before the fund is absurd: 2^53 / 10^4 fen is a donation of
 * 9.0 × 10^9 yuan by one co-op to one compound, at 2 % sales of 4.5 × 10^11 yuan. One sale adds at most 10^9 fen × 1,000
 * basis points = 10^12, so the guard below sees an overflow long before a sum loses a digit.
 */
export type DonorSums = {
  readonly agreementId: string
  readonly coopId: string
  readonly accruedE4Fen: number
  readonly settledE4Fen: number
  /** Whole fen of it that arrived at the host charity; absent while 0. */
  readonly remittedFen?: number | undefined
}

/** Whole fen in an exact sum. Sums are never negative, so rounding down is also rounding toward zero. */
export function wholeFen(e4Fen: number): number {
  return Math.floor(e4Fen / E4)
}

/** What is not a whole fen yet: 0 to 9,999. */
export function carryE4Fen(e4Fen: number): number {
  return e4Fen % E4
}

export function addToDonor(donor: DonorSums, deltaAccrued: number, deltaSettled: number): DonorSums {
  const accruedE4Fen = donor.accruedE4Fen + deltaAccrued
  const settledE4Fen = donor.settledE4Fen + deltaSettled
  assert(Number.isSafeInteger(accruedE4Fen) && Number.isSafeInteger(settledE4Fen), 'exact sums are safe integers')
  assert(settledE4Fen >= 0 && accruedE4Fen >= settledE4Fen, 'a donor has accrued at least what was settled')
  return { ...donor, accruedE4Fen, settledE4Fen }
}

/** What the donor still owes to the host charity in whole fen; below zero when more arrived than has stayed settled. */
export function dueFen(donor: DonorSums): number {
  return wholeFen(donor.settledE4Fen) - (donor.remittedFen ?? 0)
}

export function remitted(donor: DonorSums, movedFen: number): DonorSums {
  const { remittedFen: before = 0, ...rest } = donor
  const remittedFen = before + movedFen
  assert(Number.isSafeInteger(remittedFen), 'what was remitted is a safe integer')
  return remittedFen === 0 ? rest : { ...rest, remittedFen }
}

export function donorKey(agreementId: string, coopId: string): string {
  return `${agreementId}#${coopId}`
}

/** The one order in which donors are listed: by agreement, then by co-op, in code units. */
export function byDonor(left: DonorSums, right: DonorSums): number {
  return compare(left.agreementId, right.agreementId) || compare(left.coopId, right.coopId)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
