import type { SaleRecorded } from '#shared/contracts/events.ts'
import type { SaleState } from './sale-states.ts'

/** What every entry of a sale says about it. Nothing here names a household, an order or a person. */
export type SaleFacts = {
  readonly saleId: string
  readonly channel: 'group-buy' | 'fair'
  readonly groupBuyId?: string | undefined
  readonly fairId?: string | undefined
  readonly villageId: string
  readonly coopId: string
  readonly agreementId?: string | undefined
  readonly agreementVersion?: number | undefined
  readonly amountFen: number
  readonly rateBps: number
}

/** The marker of a posted sale: that it is posted, and what its later events are checked against. */
export type PostedSale = SaleFacts & {
  readonly reversedFen: number
  readonly settled: boolean
  /** Sequence numbers of all its entries, the sale's own first. */
  readonly seqs: readonly number[]
}

/** The marker of a posted reversal. */
export type PostedReversal = {
  readonly reversalId: string
  readonly saleId: string
  readonly amountFen: number
  readonly seq: number
}

/** Picks the facts out of whatever carries them (a recorded sale, a marker), and leaves the rest behind. */
export function saleFacts(from: SaleFacts | SaleRecorded): SaleFacts {
  const { groupBuyId, fairId, agreementId, agreementVersion } = from
  return {
    saleId: from.saleId,
    channel: from.channel,
    ...(groupBuyId === undefined ? {} : { groupBuyId }),
    ...(fairId === undefined ? {} : { fairId }),
    villageId: from.villageId,
    coopId: from.coopId,
    ...(agreementId === undefined ? {} : { agreementId }),
    ...(agreementVersion === undefined ? {} : { agreementVersion }),
    amountFen: from.amountFen,
    rateBps: from.rateBps,
  }
}

const factNames = [
  'channel',
  'groupBuyId',
  'fairId',
  'villageId',
  'coopId',
  'agreementId',
  'agreementVersion',
  'amountFen',
  'rateBps',
] as const

export function sameFacts(left: SaleFacts, right: SaleFacts): boolean {
  return factNames.every((name) => left[name] === right[name])
}

export function saleState(sale: PostedSale | undefined): SaleState {
  if (sale === undefined) return 'unposted'
  return sale.settled ? 'settled' : 'open'
}

/** A sale gives something only under an agreement: with a rate and without a donor nobody would know whose gift it is. */
export function hasDonor(sale: SaleFacts): sale is SaleFacts & { agreementId: string } {
  return sale.agreementId !== undefined
}
