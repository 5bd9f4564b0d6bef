import type { SaleRecorded } from '#shared/contracts/events.ts'
import { clientIdSchema } from '#shared/kernel/ids.ts'
import { decidePayment, type ParkedReason } from '#shared/domain/payments/decide-payment.ts'
import { payableStates } from '#shared/domain/orders/states.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { ProviderPayment } from '#functions/platform/payments/port.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { parkedItem, paymentEventItem } from '#functions/platform/table/items/orders.ts'
import { get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { loadOrderParts, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { takeRemembered } from './remembered-orders.ts'

/** Where a payment's news came from: the provider's event, or our own look at the provider (a webhook can be lost). */
export type News = { readonly eventId: string; readonly type: string }
export type PaymentOutcome = 'applied' | 'repeated' | 'parked'

/** How often the decision is taken again when the order moved between reading and writing. */
const TRIES_MAX = 6

/**
 * Applies a payment once, whatever came before it and however often it is told. Everything that belongs to it is one
 * transaction: the order and one recorded sale per share; or the news and the parked money. An order remembers the payment
 * and the news that paid it: it is its own inbox, which is durable with it and spares an item of each order.
 */
export async function applyPayment(payment: ProviderPayment, news: News, at: Instant): Promise<PaymentOutcome> {
  const orderId = isOrderId(payment.orderId) ? payment.orderId : undefined
  let remembered = orderId === undefined ? undefined : takeRemembered(orderId)
  if (remembered !== undefined && decidePayment(payment, remembered.order).kind !== 'pay') remembered = undefined
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const paidFor = remembered ?? (orderId === undefined ? undefined : await loadOrderParts(orderId))
    remembered = undefined
    const decision = decidePayment(payment, paidFor?.order)
    if (decision.kind === 'repeated') return 'repeated'
    const writes =
      decision.kind === 'pay' && paidFor !== undefined
        ? payWrites(paidFor, payment, news, at)
        : parkWrites(payment, decision.kind === 'park' ? decision.reason : 'unknown-order', news, at)
    const result = await transact(writes)
    if (result.kind === 'done') return decision.kind === 'pay' ? 'applied' : 'parked'
    // The order moved: decide again. Money that is parked already, or news of it that was seen, leaves nothing to do.
    if (decision.kind === 'park' && (await isKnown(news, payment))) return 'repeated'
  }
  throw new Busy()
}

/** Ids of foreign payments are anything; only what can be an order id is looked up. */
export function isOrderId(text: string | undefined): text is string {
  return clientIdSchema.safeParse(text).success
}

async function isKnown(news: News, payment: ProviderPayment): Promise<boolean> {
  if ((await get(paymentEventItem, keys.paymentEvent(news.eventId))) !== undefined) return true
  return (await get(parkedItem, keys.parked(payment.paymentId))) !== undefined
}

export function newsWrite(news: News, outcome: 'parked' | 'noted', at: Instant): Write {
  return {
    put: {
      ...keys.paymentEvent(news.eventId),
      entity: 'paymentEvent',
      v: 1,
      eventId: news.eventId,
      type: news.type,
      outcome,
      receivedAt: at,
    },
    condition: NOT_EXISTS,
  }
}

/** The order is paid, and each of its sales recorded. */
export function payWrites({ order, lines }: OrderParts, payment: ProviderPayment, news: News, at: Instant): Write[] {
  const states = Object.fromEntries(payableStates.map((state, n) => [`:from${n}`, state]))
  return [
    {
      update: keys.order(order.orderId),
      set: 'SET #state = :paid, #paidBy = :paymentId, #paidByEvent = :eventId, #paidAt = :at REMOVE #gsi1pk, #gsi1sk',
      // Whoever is first: two payments, or a payment and a giving up. No state that can be paid has a `paidBy`.
      condition: `#state IN (${Object.keys(states).join(', ')}) AND #amountFen = :amountFen`,
      expression: {
        names: {
          '#state': 'state',
          '#paidBy': 'paidBy',
          '#paidByEvent': 'paidByEvent',
          '#paidAt': 'paidAt',
          '#amountFen': 'amountFen',
          '#gsi1pk': 'GSI1PK',
          '#gsi1sk': 'GSI1SK',
        },
        values: {
          ...states,
          ':paid': 'paid',
          ':paymentId': payment.paymentId,
          ':eventId': news.eventId,
          ':at': at,
          ':amountFen': payment.amountFen,
        },
      },
    },
    ...lines.shares.map((share): Write => {
      const event: SaleRecorded = {
        type: 'sale.recorded.v1',
        saleId: share.saleId,
        channel: 'group-buy',
        groupBuyId: share.groupBuyId,
        compoundId: order.compoundId,
        communityId: order.communityId,
        villageId: share.villageId,
        coopId: share.coopId,
        amountFen: share.amountFen,
        rateBps: share.rateBps,
        ...(share.agreementId === undefined ? {} : { agreementId: share.agreementId }),
        ...(share.agreementVersion === undefined ? {} : { agreementVersion: share.agreementVersion }),
        occurredAt: at,
      }
      return {
        put: {
          ...keys.event(order.compoundId, shanghaiDay(at), event.type, event.saleId),
          entity: 'event',
          v: 1,
          ...event,
        },
        condition: NOT_EXISTS,
      }
    }),
  ]
}

function parkWrites(payment: ProviderPayment, reason: ParkedReason, news: News, at: Instant): Write[] {
  return [newsWrite(news, 'parked', at), parkWrite(payment, payment.paymentId, reason, at)]
}

/** Money that belongs to no order, on a list until it is zero. Keyed by the payment: parked once, however often told. */
export function parkWrite(payment: ProviderPayment, parkedId: string, reason: ParkedReason, at: Instant) {
  return {
    put: {
      ...keys.parked(parkedId),
      ...index.parked(at, parkedId),
      entity: 'parked',
      v: 1,
      parkedId,
      paymentId: payment.paymentId,
      ...(isOrderId(payment.orderId) ? { orderId: payment.orderId } : {}),
      reason,
      amountFen: payment.amountFen,
      currency: payment.currency,
      state: 'open',
      parkedAt: at,
    },
    condition: NOT_EXISTS,
  }
}
