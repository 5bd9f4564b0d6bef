import type { OrderView } from '../../../shared/contracts/orders.ts'
import type { CompoundSummary } from '../../../shared/contracts/places.ts'

/** What the demonstration itself did and saw. The checks rest on this and on nothing the system says about itself. */
export type Story =
  | 'paid'
  /** The provider declines first. */
  | 'declined-then-paid'
  /** A wallet that pays some seconds later. */
  | 'paid-later'
  /** The wallet's promise is not kept. */
  | 'promise-broken'
  | 'never-paid'
  /** Given up by the buyer, with or without a payment page open. */
  | 'cancelled'
  /** A promise on one page, then money on a second page: both come, one goes back. */
  | 'paid-twice'
  /** A promise that comes true when the order is given up already: the money goes back. */
  | 'paid-too-late'

export const endsPaid: Readonly<Record<Story, boolean>> = {
  paid: true,
  'declined-then-paid': true,
  'paid-later': true,
  'paid-twice': true,
  'promise-broken': false,
  'never-paid': false,
  cancelled: false,
  'paid-too-late': false,
}

/** Payments of a story that come and belong to no order. */
export const goesBack: Readonly<Record<Story, number>> = {
  paid: 0,
  'declined-then-paid': 0,
  'paid-later': 0,
  'promise-broken': 0,
  'never-paid': 0,
  cancelled: 0,
  'paid-twice': 1,
  'paid-too-late': 1,
}

export type Home = { readonly compound: CompoundSummary; readonly buildings: readonly HomeBuilding[] }
export type HomeBuilding = { readonly label: string; readonly units: readonly string[] }

export type Line = {
  readonly groupBuyId: string
  readonly offerId: string
  readonly quantity: number
  readonly unitPriceFen: number
}

export type AskedRefund = {
  readonly refundId: string
  readonly by: string
  /** Per sale, as we asked; a whole refund names every share with all its money. */
  readonly perSale: readonly { readonly saleId: string; readonly amountFen: number }[]
  readonly amountFen: number
}

export type OrderRecord = {
  readonly orderId: string
  readonly account: string
  readonly compoundId: string
  readonly communityId: string
  /** May turn out otherwise than it was meant: who is too slow to pay in time has a `never-paid` order. */
  story: Story
  readonly lines: readonly Line[]
  /** Reckoned from the prices that were shown. */
  readonly amountFen: number
  /** Money that really left the buyer, in the order of the pages. */
  readonly payments: { readonly sessionId: string; readonly amountFen: number }[]
  readonly refunds: AskedRefund[]
  /** The last answer about the order. */
  view: OrderView | undefined
}

export type Stock = {
  readonly offerId: string
  readonly groupBuyId: string
  readonly stock: number
  readonly left: number
}

/** What one fund says of itself, in every form it says it. */
export type FundEvidence = {
  readonly compound: Pick<CompoundSummary, 'compoundId' | 'name' | 'communityName'>
  /** The complete export, as text. */
  readonly jsonl: string
  readonly csv: string
  /** The figures of the page. */
  readonly page: {
    readonly seq: number
    readonly hash: string
    readonly balances: Readonly<Record<string, number>>
    readonly carryE4Fen: number
    readonly total: { salesFen: number; reversedFen: number; postedFen: number; saleCount: number }
  }
  /** The list of entries, walked to its end. */
  readonly listed: readonly { readonly seq: number; readonly hash: string }[]
  /** What the system's own comparison with the recorded sales found; absent when we may not ask for it. */
  readonly reconciled?: { readonly ok: boolean; readonly posted: number; readonly problems: readonly string[] }
}

export type Evidence = {
  readonly orders: readonly OrderRecord[]
  readonly funds: readonly FundEvidence[]
  readonly stockBefore: readonly Stock[]
  readonly stockAfter: readonly Stock[]
  /** Parked money that is not sent back, and everything that was seen on that list. */
  readonly parkedOpen: number
  readonly parkedSeen: readonly { readonly orderId: string; readonly amountFen: number; readonly reason: string }[]
  /** Refunds that the provider made, by its own log; where that cannot be read, the parked list has to tell. */
  readonly providerRefunds: number | undefined
  /** Nobody else uses the system: every entry is ours. */
  readonly alone: boolean
  /** The after-sales window is zero: every sale must be settled. */
  readonly settled: boolean
}
