import { startOfShanghaiDay, type Instant } from '#shared/kernel/time.ts'

/** `2026-q3` */
export type Quarter = string

const partsOf = (quarter: Quarter) => ({ year: Number(quarter.slice(0, 4)), number: Number(quarter.slice(6)) })

export function quarterAfter(quarter: Quarter): Quarter {
  const { year, number } = partsOf(quarter)
  return number === 4 ? `${year + 1}-q1` : `${year}-q${number + 1}`
}

export function quarterBefore(quarter: Quarter): Quarter {
  const { year, number } = partsOf(quarter)
  return number === 1 ? `${year - 1}-q4` : `${year}-q${number - 1}`
}

/** Its three months: `2026-07`. */
export function monthsOf(quarter: Quarter): string[] {
  const { year, number } = partsOf(quarter)
  return [1, 2, 3].map((month) => `${year}-${String((number - 1) * 3 + month).padStart(2, '0')}`)
}

export function endOf(quarter: Quarter): Instant {
  return startOfShanghaiDay(`${monthsOf(quarterAfter(quarter))[0]}-01`)
}

export function rankingIdOf(quarter: Quarter, communityId: string): string {
  return `${quarter}.${communityId}`
}

export function ofRankingId(rankingId: string): { readonly quarter: Quarter; readonly communityId: string } {
  return { quarter: rankingId.slice(0, 7), communityId: rankingId.slice(8) }
}
