import * as z from 'zod'
import {
  doorSchema,
  orderStates,
  pickUpProxies,
  refundReasons,
  refundStates,
  refundWhySchema,
  shareStates,
} from '#shared/contracts/orders.ts'
import { parkedReasons, parkedStates } from '#shared/contracts/payments-parked.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { fenSchema, positiveFenSchema, timesFen } from '#shared/kernel/money.ts'
import { portionsSchema } from '#shared/kernel/quantity.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'
import { claimItem } from './claims.ts'
import { orderLinesItem } from './order-lines.ts'

/** What changes about an order; it is rewritten, so it stays small. What was bought is in `orderLinesItem`. */
export const orderItem = stored('order', {
  orderId: z.string(),
  personId: z.string(),
  householdId: idSchema,
  compoundId: idSchema,
  communityId: idSchema,
  state: z.enum(orderStates),
  /** How an order that is `expiring` ends: run out of time, or given up by its buyer. */
  endsAs: z.enum(['expired', 'cancelled']).optional(),
  amountFen: positiveFenSchema,
  refundedFen: fenSchema,
  placedAt: instantSchema,
  expiresAt: instantSchema,
  paidAt: instantSchema.optional(),
  /** The provider's payment that made it paid; a second payment is another one, and goes back. */
  paidBy: z.string().optional(),
  /** The provider's event that told of it; for an order we found paid ourselves, an id of our own. */
  paidByEvent: z.string().optional(),
  pickUpCode: z.string(),
  bodyHash: z.string(),
  /** Payment pages opened for this order, newest last. */
  sessionIds: z.array(z.string()).max(20),
  /**
   * How the household knows whoever ordered for it, a worker or, where there is a building, its leader; that person is
   * `personId`. Absent on a buyer's own order.
   */
  placedBy: z.object({ name: z.string(), communityName: z.string(), leaderOf: z.string().optional() }).optional(),
  /** The pay-for-me link that is good, and how many were made. */
  payLink: z.object({ tokenHash: z.string(), madeAt: instantSchema }).optional(),
  payLinkCount: z.int().optional(),
  heldLongerAt: instantSchema.optional(),
})
export type OrderItem = z.infer<typeof orderItem>

/** The part of an order that belongs to one group buy, beside the group buy so that closing can read it consistently. */
export const shareItem = z.looseObject({
  entity: z.literal('share'),
  v: z.literal(1),
  saleId: z.string(),
  orderId: z.string(),
  groupBuyId: idSchema,
  compoundId: idSchema,
  householdId: idSchema,
  state: z.enum(shareStates),
  amountFen: fenSchema,
  refundedFen: fenSchema,
  pickUpPointId: idSchema,
  /** What was bought, as far as sums of the whole group buy need it: they read shares and nothing else. */
  lines: z.array(z.object({ lineId: idSchema, offerId: idSchema, quantity: portionsSchema, unitPriceFen: fenSchema })),
  settledAt: instantSchema.optional(),
  /** Claims filed for it so far, and those that nobody decided yet: as long as there is one the sale is not settled. */
  claimCount: z.int().optional(),
  openClaims: z.int().optional(),
  /** Set when what the scale said is priced; nothing is weighed after that. */
  weighedAt: instantSchema.optional(),
  /** Where a collected share came from, and goes back to when the handing out is undone. */
  collectedFrom: z.enum(['confirmed', 'ready']).optional(),
  // Refunds by line are attributes `r:<lineId>`, so that each has its own condition; see `refundedOfLine`. So are portions
  // handed out, `h:<lineId>`, portions that will not come, `d:<lineId>`, and
  // what the scale said, `g:<lineId>`.
})
export type ShareItem = z.infer<typeof shareItem>

/** On a household's limit item of a group buy: how much of an offer it has taken. */
export const limitAttribute = (offerId: string) => `q:${offerId}`

export const lineRefundAttribute = (lineId: string) => `r:${lineId}`

/** What was refunded of one line so far. */
export function refundedOfLine(share: ShareItem, lineId: string): number {
  const refunded = share[lineRefundAttribute(lineId)]
  return typeof refunded === 'number' ? refunded : 0
}

export const lineDroppedAttribute = (lineId: string) => `d:${lineId}`

/** How many portions of one line will not come: given back by the buyer, or short. */
export function droppedOfLine(share: ShareItem, lineId: string): number {
  const dropped = share[lineDroppedAttribute(lineId)]
  return typeof dropped === 'number' ? dropped : 0
}

export const lineHandOutAttribute = (lineId: string) => `h:${lineId}`

/** How many portions of one line were handed out so far. */
export function handedOutOfLine(share: ShareItem, lineId: string): number {
  const handedOut = share[lineHandOutAttribute(lineId)]
  return typeof handedOut === 'number' ? handedOut : 0
}

/** A share's lines with what became of them. */
export function owedLines(share: ShareItem) {
  return share.lines.map((line) => ({
    ...line,
    amountFen: timesFen(line.unitPriceFen, line.quantity),
    refundedFen: refundedOfLine(share, line.lineId),
    dropped: droppedOfLine(share, line.lineId),
  }))
}

export const lineGramsAttribute = (lineId: string) => `g:${lineId}`

/** What the scale said of one line; nothing while it was not weighed. */
export function gramsOfLine(share: ShareItem, lineId: string): number | undefined {
  const grams = share[lineGramsAttribute(lineId)]
  return typeof grams === 'number' ? grams : undefined
}

export const refundItem = stored('refund', {
  refundId: z.string(),
  orderId: z.string(),
  compoundId: idSchema,
  paymentId: z.string(),
  providerRefundId: z.string().optional(),
  state: z.enum(refundStates),
  amountFen: positiveFenSchema,
  reason: z.enum(refundReasons),
  note: z.string().optional(),
  decidedAt: instantSchema,
  decidedBy: z.string(),
  /** When the provider said its last word. */
  endedAt: instantSchema.optional(),
  bodyHash: z.string(),
  /** It came by phone, could not go back the same way, and was handed back at the desk. */
  cashMoveId: z.string().optional(),
  /** It failed, and a person closed it as paid another way. */
  paidOtherwiseAt: instantSchema.optional(),
  /** What goes back for which line; `portions` that will not come. Absent on refunds of a time when it was not kept. */
  lines: z
    .array(
      z.object({
        saleId: z.string(),
        lineId: idSchema,
        amountFen: positiveFenSchema,
        portions: portionsSchema.optional(),
        why: refundWhySchema.optional(),
      }),
    )
    .optional(),
})
export type RefundItem = z.infer<typeof refundItem>

/** What was handed out at once, by whom, when, and in which relation to the household the taker stands. Never changed. */
export const pickUpItem = stored('pickUp', {
  pickUpId: z.string(),
  orderId: z.string(),
  compoundId: idSchema,
  at: instantSchema,
  /** By the clock of a counter that had no network; `at` is when we learned of it. */
  handedOutAt: instantSchema.optional(),
  by: z.string(),
  proxy: z.enum(pickUpProxies),
  lines: z.array(z.object({ saleId: z.string(), lineId: idSchema, portions: portionsSchema })).min(1),
  bodyHash: z.string(),
})
export type PickUpItem = z.infer<typeof pickUpItem>

/** Exists when the pick-up was taken back. */
export const pickUpUndoItem = stored('pickUpUndo', {
  pickUpId: z.string(),
  orderId: z.string(),
  at: instantSchema,
  by: z.string(),
  reason: z.string(),
})
export type PickUpUndoItem = z.infer<typeof pickUpUndoItem>

/** Found by the hash of its token. Whether it is good stands on the order. */
export const payLinkItem = stored('payLink', { orderId: z.string(), madeAt: instantSchema, madeBy: z.string() })

/** The household's one unpaid order that is held longer; another may be once this one can be paid no more, or is paid. */
export const longerHoldItem = stored('longerHold', { householdId: idSchema, orderId: z.string(), until: instantSchema })

/** Where workers of a compound find what they ordered for households. */
export const placedForItem = stored('placedFor', { orderId: z.string(), compoundId: idSchema })

export const orderPartitionItem = z.discriminatedUnion('entity', [
  orderItem,
  orderLinesItem,
  refundItem,
  pickUpItem,
  pickUpUndoItem,
  claimItem,
])

/** Goods of this household are brought to its door; forgotten when it ends. */
export const doorItem = stored('door', {
  compoundId: idSchema,
  ...doorSchema.shape,
  /** Who wrote down, and when, that the household agrees. */
  registeredBy: z.string(),
  consentAt: instantSchema,
})
export type DoorItem = z.infer<typeof doorItem>

/** A provider event that paid no order; it makes the event's effect happen once. */
export const paymentEventItem = stored('paymentEvent', {
  eventId: z.string(),
  type: z.string(),
  outcome: z.enum(['parked', 'noted']),
  receivedAt: instantSchema,
})

/** Money that belongs to no order. It stays on its list until it is zero. */
/** A payment that its buyer disputed at the bank. */
export const disputeMarkItem = stored('disputeMark', {
  paymentId: z.string(),
  disputeId: z.string(),
  state: z.enum(['open', 'won', 'lost']),
})
export type DisputeMarkItem = z.infer<typeof disputeMarkItem>

export const parkedItem = stored('parked', {
  parkedId: z.string(),
  paymentId: z.string(),
  orderId: z.string().optional(),
  reason: z.enum(parkedReasons),
  amountFen: z.int().min(0),
  currency: z.string(),
  state: z.enum(parkedStates),
  providerRefundId: z.string().optional(),
  parkedAt: instantSchema,
  /** Who took it off the list, when and why. */
  closedBy: z.string().optional(),
  closedAt: instantSchema.optional(),
  closedNote: z.string().optional(),
})
export type ParkedItem = z.infer<typeof parkedItem>
