import type { ShortageRule } from '../../contracts/deliveries.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { allocateShortage, type LineThere, type Shortage } from './allocate-shortage.ts'
import type { GroupBuyState } from './states.ts'

/** Decided in favour, and nothing is settled: goods are on their way or being handed out. */
export const deliverableStates: readonly GroupBuyState[] = ['confirmed', 'receiving', 'distributing']

export type Counted = {
  readonly offerId: string
  readonly arrivedPortions: number
  readonly refusedPortions: number
}

export type CheckFacts = {
  readonly rule: ShortageRule
  /** Offers of the group buy: nothing else can arrive for it. */
  readonly offers: ReadonlyMap<string, { readonly name: string }>
  readonly lines: readonly LineThere[]
}

export type CheckDecision =
  | { readonly kind: 'checked'; readonly shortages: readonly Shortage[] }
  | Refused<
      'UNKNOWN_OFFER' | 'DUPLICATE_OFFER' | 'OFFER_NOT_COUNTED' | 'MORE_REFUSED_THAN_ARRIVED' | 'LESS_THAN_HANDED_OUT'
    >

/** Decides who goes short from what was counted. Every offer that somebody waits for has to be counted, if only as 0. */
export function decideCheck({ rule, offers, lines }: CheckFacts, counted: readonly Counted[]): CheckDecision {
  const good = new Map<string, number>()
  for (const { offerId, arrivedPortions, refusedPortions } of counted) {
    const offer = offers.get(offerId)
    if (offer === undefined) return refused('UNKNOWN_OFFER', '团购里没有这个商品', { [offerId]: '没有这个商品' })
    if (good.has(offerId)) return refused('DUPLICATE_OFFER', `「${offer.name}」填了两次`, { [offerId]: '填了两次' })
    if (refusedPortions > arrivedPortions) {
      const detail = `「${offer.name}」拒收的份数比到货的还多`
      return refused('MORE_REFUSED_THAN_ARRIVED', detail, { [offerId]: '不能超过到货份数' })
    }
    good.set(offerId, arrivedPortions - refusedPortions)
  }
  for (const [offerId, mine] of Map.groupBy(lines, (line) => line.offerId)) {
    const name = offers.get(offerId)?.name ?? ''
    const there = good.get(offerId)
    if (there === undefined) {
      return refused('OFFER_NOT_COUNTED', `「${name}」还没有清点，没到货请填 0`, { [offerId]: '请填到货份数' })
    }
    const out = mine.reduce((sum, line) => sum + line.handedOut, 0)
    if (there < out) {
      return refused('LESS_THAN_HANDED_OUT', `「${name}」已经发出 ${out} 份，不能少于这个数`, {
        [offerId]: `至少 ${out} 份`,
      })
    }
  }
  return { kind: 'checked', shortages: allocateShortage(rule, lines, good) }
}
