import type { FindingKind, refundStandings } from '../../contracts/payments-reconciliation.ts'
import { HOUR_MS, type Instant, toMs } from '../../kernel/time.ts'

export type Standing = (typeof refundStandings)[number]

/**
 * How long a refund may be on its way between us and the provider before it counts as a difference. A tick each minute asks
 * and looks; the provider remembers a question for a day, and until then asking again is harmless.
 */
export const UNDER_WAY_MS = 20 * HOUR_MS

type OurState = 'decided' | 'asked' | 'succeeded' | 'failed'
type TheirState = 'none' | 'pending' | 'succeeded' | 'failed'

export type OurRefund = {
  readonly refundId: string
  readonly amountFen: number
  readonly state: OurState
  /**
   * Which way the money goes: back through the provider; or it went another way, so that the provider must not give it back
   * as well: over the counter or by a person's hand after it failed, or taken by the buyer's bank.
   */
  readonly route: 'provider' | 'elsewhere'
  readonly decidedAt: Instant
}

/** What we hold of one payment: the order it pays, or that it is parked; and what of it goes back. */
export type OurPayment = {
  readonly orderId?: string | undefined
  readonly amountFen: number
  readonly currency: string
  readonly refunds: readonly OurRefund[]
}

export type TheirRefund = {
  readonly providerRefundId: string
  /** Our id, from the provider's metadata. */
  readonly refundId: string | undefined
  readonly amountFen: number
  readonly state: 'pending' | 'succeeded' | 'failed'
}

/** What the provider says of the same payment. */
export type TheirPayment = {
  /** Absent: it knows no such payment, or no money came of it. */
  readonly payment: { readonly amountFen: number; readonly currency: string } | undefined
  readonly refunds: readonly TheirRefund[]
}

export type Finding = {
  readonly kind: FindingKind
  readonly paymentId: string
  readonly orderId?: string | undefined
  readonly refundId?: string | undefined
  readonly providerRefundId?: string | undefined
  readonly amountFen: number
  readonly currency?: string | undefined
  readonly oursFen?: number | undefined
  readonly theirsFen?: number | undefined
  readonly ours?: Standing | undefined
  readonly theirs?: Standing | undefined
}

/** Which states of the two sides go together: always, while it is under way, or (not listed) never. */
const together: Readonly<Record<OurState, Partial<Record<TheirState, 'always' | 'under-way'>>>> = {
  decided: { none: 'under-way', pending: 'under-way', succeeded: 'under-way', failed: 'under-way' },
  // The provider has answered, so that it knows it; what became of it since is seen with the next tick.
  asked: { pending: 'always', succeeded: 'under-way', failed: 'under-way' },
  succeeded: { succeeded: 'always' },
  // Refused at once, it was never made there.
  failed: { none: 'always', failed: 'always' },
}

const isLive = ({ state }: TheirRefund) => state !== 'failed'
const sumOf = (refunds: readonly { readonly amountFen: number }[]) =>
  refunds.reduce((sum, { amountFen }) => sum + amountFen, 0)

/** Compares one payment and all that goes back of it, both ways. Nothing is decided here but what differs. */
export function comparePayment(
  paymentId: string,
  ours: OurPayment | undefined,
  theirs: TheirPayment,
  now: Instant,
): Finding[] {
  const currency = ours?.currency ?? theirs.payment?.currency ?? 'cny'
  const base = {
    paymentId,
    ...(ours?.orderId === undefined ? {} : { orderId: ours.orderId }),
    ...(currency === 'cny' ? {} : { currency }),
  }
  const known = new Set(ours?.refunds.map(({ refundId }) => refundId))
  const foreign = theirs.refunds.filter((refund) => refund.refundId === undefined || !known.has(refund.refundId))
  return [
    ...paymentDiffers(ours, theirs),
    ...foreign.filter(isLive).map(notOurs),
    ...(ours?.refunds ?? []).flatMap((refund) =>
      refundDiffers(
        refund,
        theirs.refunds.filter(({ refundId }) => refundId === refund.refundId),
        now,
      ),
    ),
    ...moreThanCame(ours, theirs),
  ].map((finding) => ({ ...base, ...finding }))
}

type Found = Omit<Finding, 'paymentId' | 'orderId' | 'currency'>

function paymentDiffers(ours: OurPayment | undefined, { payment }: TheirPayment): Found[] {
  if (payment === undefined) {
    if (ours === undefined) return []
    return [{ kind: 'payment-missing', amountFen: ours.amountFen, oursFen: ours.amountFen }]
  }
  const theirsFen = payment.amountFen
  if (ours === undefined) return [{ kind: 'payment-unknown', amountFen: theirsFen, theirsFen }]
  const oursFen = ours.amountFen
  if (ours.currency !== payment.currency) {
    return [{ kind: 'payment-amount-differs', amountFen: Math.max(oursFen, theirsFen), oursFen, theirsFen }]
  }
  if (oursFen === theirsFen) return []
  return [{ kind: 'payment-amount-differs', amountFen: Math.abs(oursFen - theirsFen), oursFen, theirsFen }]
}

function notOurs({ providerRefundId, refundId, amountFen, state }: TheirRefund): Found {
  return {
    kind: 'refund-not-ours',
    providerRefundId,
    ...(refundId === undefined ? {} : { refundId }),
    amountFen,
    theirsFen: amountFen,
    theirs: state,
  }
}

/** `theirs`: what the provider has under this refund's id. One that failed may have been asked again by a new question. */
function refundDiffers(ours: OurRefund, theirs: readonly TheirRefund[], now: Instant): Found[] {
  const live = theirs.filter(isLive)
  const theirsFen = sumOf(live)
  const oursFen = ours.amountFen
  const state = stateOf(theirs)
  const [named] = live.length > 0 ? live : theirs
  const about = {
    refundId: ours.refundId,
    ...(named === undefined ? {} : { providerRefundId: named.providerRefundId }),
    oursFen,
    ours: ours.state,
    theirs: state,
    ...(named === undefined ? {} : { theirsFen: live.length > 0 ? theirsFen : named.amountFen }),
  }
  if (ours.route === 'elsewhere') {
    return live.length === 0 ? [] : [{ kind: 'refunded-twice', ...about, amountFen: theirsFen }]
  }
  const found: Found[] = []
  const isUnderWay = toMs(now) - toMs(ours.decidedAt) <= UNDER_WAY_MS
  const agrees = together[ours.state][state]
  if (agrees === undefined || (agrees === 'under-way' && !isUnderWay)) {
    const kind = state === 'none' ? 'refund-missing' : 'refund-state-differs'
    found.push({ kind, ...about, amountFen: oursFen })
  }
  if (live.length > 0 && theirsFen !== oursFen) {
    const isTwice = live.length > 1 && theirsFen > oursFen
    const kind = isTwice ? 'refunded-twice' : 'refund-amount-differs'
    found.push({ kind, ...about, amountFen: Math.abs(theirsFen - oursFen) })
  }
  return found
}

function stateOf(theirs: readonly TheirRefund[]): TheirState {
  const live = theirs.filter(isLive)
  if (live.length === 0) return theirs.length === 0 ? 'none' : 'failed'
  return live.every(({ state }) => state === 'succeeded') ? 'succeeded' : 'pending'
}

/** By our decisions, or by what really went out: the provider's refunds and what went another way. */
function moreThanCame(ours: OurPayment | undefined, theirs: TheirPayment): Found[] {
  const cameFen = theirs.payment?.amountFen ?? ours?.amountFen ?? 0
  const oursFen = sumOf(ours?.refunds ?? [])
  const elsewhere = ours?.refunds.filter(({ route }) => route === 'elsewhere') ?? []
  const theirsFen = sumOf(theirs.refunds.filter(isLive)) + sumOf(elsewhere)
  const mostFen = Math.max(oursFen, theirsFen)
  if (mostFen <= cameFen) return []
  return [{ kind: 'more-back-than-came', amountFen: mostFen - cameFen, oursFen, theirsFen }]
}

const nameOf = ({ kind, refundId, providerRefundId }: Finding) => `${kind} ${refundId ?? ''} ${providerRefundId ?? ''}`

/**
 * What is found with our records as they were before the provider was asked, and again as they are afterwards. What moved
 * in between is found on one side only, and is no difference.
 */
export function foundTwice(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const names = new Set(before.map(nameOf))
  return after.filter((finding) => names.has(nameOf(finding)))
}
