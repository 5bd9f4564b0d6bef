import type { Quarter } from '#shared/kernel/quarters.ts'

export function rankingIdOf(quarter: Quarter, communityId: string): string {
  return `${quarter}.${communityId}`
}

export function ofRankingId(rankingId: string): { readonly quarter: Quarter; readonly communityId: string } {
  return { quarter: rankingId.slice(0, 7), communityId: rankingId.slice(8) }
}
