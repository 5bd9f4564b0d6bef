import * as z from 'zod'
import {
  comparePayment,
  type Finding,
  foundTwice,
  type OurPayment,
  type TheirPayment,
} from '#shared/domain/payments/compare-payment.ts'
import { type Checked, nothingChecked, someOf } from '#shared/domain/payments/reconciliation-report.ts'
import { isCash } from '#shared/kernel/cash.ts'
import { type Instant, plusDays, shanghaiDay, shanghaiDaySchema, toMs } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { log } from '#functions/platform/log.ts'
import type { ListedPayment, PaymentPort, ProviderRefund } from '#functions/platform/payments/port.ts'
import { orderItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { loadOrderParts, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { get } from '#functions/platform/table/table.ts'
import { applyPayment } from './payment-store.ts'
import { loadCompoundIds, loadOrderIdsOf, loadOurs, pageOfParkedMoney } from './reconcile-store.ts'

/** Where a comparison is: in the provider's payments, its refunds, our orders by day and compound, our parked money. */
export const placeSchema = z.discriminatedUnion('list', [
  z.strictObject({ list: z.literal('payments'), cursor: z.string().max(300).optional() }),
  z.strictObject({ list: z.literal('refunds'), cursor: z.string().max(300).optional() }),
  z.strictObject({
    list: z.literal('orders'),
    day: shanghaiDaySchema,
    /** Behind this compound; with `orderId`: in it, behind this order. */
    compoundId: z.string().max(100).optional(),
    orderId: z.string().max(100).optional(),
  }),
  z.strictObject({ list: z.enum(['parked-open', 'parked-back']), cursor: z.string().max(500).optional() }),
])
export type Place = z.infer<typeof placeSchema>

/** So many payments are looked at side by side: most of the time is the provider's, which allows about 100 calls a second. */
const SIDE_BY_SIDE = 8
const ORDERS_A_STEP = 40

type Wish = { readonly since: Instant; readonly place?: Place | undefined }
export type Compared = {
  readonly checked: Checked
  /** All findings, for counts and sums, and those that are kept. */
  readonly sums: readonly Finding[]
  readonly kept: readonly Finding[]
  /** Absent: all is compared. */
  readonly place?: Place
}

/**
 * Compares from a place on until the time runs out: at least one page. Each payment is compared in one list only, however
 * often a comparison is broken off and gone on with: where the provider lists it; else where the provider lists the oldest of
 * its refunds; else on the first day on which our order did something; else where it is parked.
 */
export async function compareFrom(
  provider: PaymentPort,
  { since, place }: Wish,
  at: Instant,
  hasTime: () => boolean,
): Promise<Compared> {
  const run = new Comparison(provider, since, at)
  let next: Place | undefined = place ?? { list: 'payments' }
  for (let steps = 0; next !== undefined && (steps === 0 || hasTime()); steps++) {
    const here: Place = next
    try {
      next = await run.step(here)
    } catch (error) {
      // What was applied is never told again: it has to be in this report, whatever broke afterwards.
      if (steps === 0 && run.findings.length === 0) throw error
      log('warn', 'comparison broken off', { list: here.list, why: error instanceof Error ? error.name : 'unknown' })
      break
    }
  }
  const { checked, findings } = run
  return { checked, sums: findings, kept: someOf(findings), ...(next === undefined ? {} : { place: next }) }
}

type Theirs = { readonly payment: ListedPayment | undefined; readonly refunds: readonly ProviderRefund[] }

class Comparison {
  readonly checked = nothingChecked()
  readonly findings: Finding[] = []
  readonly #provider: PaymentPort
  readonly #since: Instant
  readonly #at: Instant
  /**
   * Compared since this call began, each with the order that the provider has for it. What an earlier call compared is asked of
   * the provider again, and left out.
   */
  readonly #compared = new Map<string, string | undefined>()
  #compoundIds: string[] | undefined
  #unit: { readonly of: string; readonly orderIds: readonly string[] } | undefined

  constructor(provider: PaymentPort, since: Instant, at: Instant) {
    this.#provider = provider
    // The provider knows whole seconds.
    this.#since = `${since.slice(0, 19)}.000Z`
    this.#at = at
  }

  /** One page of one list. Where to go on; nothing when the last list is at its end. */
  async step(place: Place): Promise<Place | undefined> {
    switch (place.list) {
      case 'payments': {
        const page = await this.#provider.listPayments(this.#since, place.cursor)
        await this.#each(page.payments, (payment) => this.#takeIn(payment))
        this.#keep(await this.#each(page.payments, (payment) => this.#compareListed(payment)))
        this.checked.checked += page.payments.length
        return goOn(place, page.nextCursor, { list: 'refunds' })
      }
      case 'refunds': {
        const page = await this.#provider.listRefunds(this.#since, place.cursor)
        this.#keep(await this.#each(page.refunds, (refund) => this.#compareRefunded(refund)))
        this.checked.refunds += page.refunds.length
        return goOn(place, page.nextCursor, { list: 'orders', day: shanghaiDay(this.#since) })
      }
      case 'orders':
        return this.#stepOrders(place)
      case 'parked-open':
      case 'parked-back': {
        const list = place.list === 'parked-open' ? 'open' : 'back'
        const page = await pageOfParkedMoney(list, this.#since, place.cursor)
        this.#keep(
          await this.#each(page.items, async ({ paymentId }) => {
            if (this.#compared.has(paymentId)) return []
            const theirs = await this.#theirs(paymentId)
            return this.#compareOurs(paymentId, theirs, () => loadOurs(paymentId, undefined))
          }),
        )
        this.checked.parkedMoney += page.items.length
        return goOn(place, page.nextCursor, list === 'open' ? { list: 'parked-back' } : undefined)
      }
    }
  }

  async #stepOrders(place: Place & { list: 'orders' }): Promise<Place> {
    const { day, compoundId, orderId } = place
    this.#compoundIds ??= await loadCompoundIds()
    const here = orderId === undefined ? this.#compoundIds.find((id) => id > (compoundId ?? '')) : compoundId
    if (here === undefined) {
      const tomorrow = plusDays(day, 1)
      return tomorrow > shanghaiDay(this.#at) ? { list: 'parked-open' } : { list: 'orders', day: tomorrow }
    }
    const of = `${day} ${here}`
    if (this.#unit?.of !== of) this.#unit = { of, orderIds: await loadOrderIdsOf(here, day) }
    const left = this.#unit.orderIds.filter((id) => id > (orderId ?? ''))
    const some = left.slice(0, ORDERS_A_STEP)
    let orders = 0
    const found = await this.#each(some.map(orderPayment), async ({ orderId: id }) => {
      const parts = await this.#loadOrder(id)
      // A share without its order is for the reconcile of the fund: no payment hangs on it.
      if (parts === undefined || firstDay(parts, shanghaiDay(this.#since)) !== day) return []
      orders++
      return this.#compareOrder(parts)
    })
    this.#keep(found)
    this.checked.orders += orders
    const last = left.length > some.length ? some.at(-1) : undefined
    return { list: 'orders', day, compoundId: here, ...(last === undefined ? {} : { orderId: last }) }
  }

  /** A payment no webhook told of (yet), through the same door; what is known changes nothing. */
  async #takeIn(payment: ListedPayment): Promise<Finding[]> {
    const { paymentId, orderId, amountFen, currency } = payment
    const news = { eventId: `found-${paymentId}`, type: 'payment.found' }
    const outcome = await applyPayment(payment, news, this.#at)
    if (outcome === 'repeated') return []
    this.checked[outcome]++
    // Said at once: whatever dies before the part is kept, somebody has been told.
    log('warn', 'payment taken in late', { paymentId, orderId, amountFen, currency, outcome })
    // Kept at once: told a second time, it is known.
    this.findings.push({
      ...{ kind: outcome === 'applied' ? 'payment-applied' : 'payment-parked', paymentId, amountFen },
      ...(orderId === undefined ? {} : { orderId }),
      ...(currency === 'cny' ? {} : { currency }),
      theirsFen: amountFen,
    })
    return []
  }

  async #compareListed(payment: ListedPayment): Promise<Finding[]> {
    const { paymentId, orderId } = payment
    this.#compared.set(paymentId, orderId)
    // What the provider says went back spares asking for the refunds of each payment.
    const refunds = payment.refundedFen === 0 ? [] : await this.#provider.refundsOf(paymentId)
    return this.#differences(paymentId, { payment, refunds }, () => loadOurs(paymentId, orderId))
  }

  /** A refund of a payment that is older than what is looked back to: at the oldest of those that are listed. */
  async #compareRefunded(refund: ProviderRefund): Promise<Finding[]> {
    const { paymentId } = refund
    if (this.#compared.has(paymentId)) return []
    const theirs = await this.#theirs(paymentId)
    if (
      this.#isListed(theirs.payment) ||
      this.#firstRefund(theirs.refunds)?.providerRefundId !== refund.providerRefundId
    )
      return []
    const orderId = theirs.payment?.orderId ?? refund.orderId
    this.#compared.set(paymentId, orderId)
    return this.#differences(paymentId, theirs, () => loadOurs(paymentId, orderId))
  }

  /** One that cannot be read was named already if the provider lists its payment. */
  async #loadOrder(orderId: string): Promise<OrderParts | undefined> {
    try {
      return await loadOrderParts(orderId)
    } catch (error) {
      if (error instanceof Busy) throw error
      const order = await get(orderItem, keys.order(orderId))
      const payment = order?.paidBy === undefined ? undefined : await this.#provider.lookForPayment(order.paidBy)
      if (this.#isListed(payment)) return undefined
      throw error
    }
  }

  async #compareOrder({ order }: OrderParts): Promise<Finding[]> {
    const { orderId, amountFen, paidBy: paymentId } = order
    if (paymentId === undefined || isCash(paymentId)) return []
    const isCompared = this.#compared.has(paymentId)
    const theirs = isCompared ? undefined : await this.#theirs(paymentId)
    const payment = theirs?.payment
    const paidFor = isCompared ? this.#compared.get(paymentId) : payment === undefined ? orderId : payment.orderId
    // The provider has it for something else: this order's own payment there is none.
    if (paidFor !== orderId) return [{ kind: 'payment-missing', paymentId, orderId, amountFen, oursFen: amountFen }]
    return theirs === undefined ? [] : this.#compareOurs(paymentId, theirs, () => loadOurs(paymentId, orderId))
  }

  /** What only our side could tell: the provider lists neither the payment nor a refund of it. */
  async #compareOurs(
    paymentId: string,
    theirs: Theirs,
    load: () => Promise<OurPayment | undefined>,
  ): Promise<Finding[]> {
    if (this.#isListed(theirs.payment) || this.#firstRefund(theirs.refunds) !== undefined) return []
    this.#compared.set(paymentId, theirs.payment?.orderId)
    return this.#differences(paymentId, theirs, load)
  }

  async #theirs(paymentId: string): Promise<Theirs> {
    const payment = await this.#provider.lookForPayment(paymentId)
    const refunds = payment === undefined ? [] : await this.#provider.refundsOf(paymentId)
    return { payment, refunds }
  }

  /**
   * What differs is looked at once more, our side before and after the provider's: what moved in between, or since the page was
   * listed, is no difference.
   */
  async #differences(
    paymentId: string,
    theirs: TheirPayment,
    load: () => Promise<OurPayment | undefined>,
  ): Promise<Finding[]> {
    const before = await load()
    if (comparePayment(paymentId, before, theirs, this.#at).length === 0) return []
    const now = await this.#theirs(paymentId)
    const after = await load()
    return foundTwice(comparePayment(paymentId, before, now, this.#at), comparePayment(paymentId, after, now, this.#at))
  }

  #isListed(payment: ListedPayment | undefined): boolean {
    return payment !== undefined && payment.createdAt >= this.#since
  }

  #firstRefund(refunds: readonly ProviderRefund[]): ProviderRefund | undefined {
    const listed = refunds.filter(({ createdAt }) => createdAt >= this.#since)
    // Of one second, the provider lists the newer one first.
    return listed.findLast(({ createdAt }) => listed.every((other) => toMs(other.createdAt) >= toMs(createdAt)))
  }

  #keep(found: readonly Finding[]): void {
    this.findings.push(...found)
  }

  /** One that cannot be read holds up no other, and is named. A provider or table that is busy ends the page. */
  async #each<T extends { readonly paymentId: string; readonly orderId?: string | undefined }>(
    items: readonly T[],
    look: (item: T) => Promise<Finding[]>,
  ): Promise<Finding[]> {
    const found: Finding[] = []
    for (let from = 0; from < items.length; from += SIDE_BY_SIDE) {
      const some = items.slice(from, from + SIDE_BY_SIDE)
      const results = await Promise.allSettled(some.map(look))
      results.forEach((result, n) => {
        const item = some[n]
        if (result.status === 'fulfilled') found.push(...result.value)
        else if (result.reason instanceof Busy || item === undefined) throw result.reason
        else found.push(notCompared(item, result.reason))
      })
    }
    return found
  }
}

function notCompared(item: { paymentId: string; orderId?: string | undefined }, error: unknown): Finding {
  const { paymentId, orderId } = item
  log('error', 'payment not compared', { paymentId, orderId, why: error instanceof Error ? error.name : 'unknown' })
  return { kind: 'not-compared', paymentId, ...(orderId === undefined ? {} : { orderId }), amountFen: 0 }
}

const orderPayment = (orderId: string) => ({ paymentId: '', orderId })

function goOn(place: Exclude<Place, { list: 'orders' }>, cursor: string | undefined, next: Place | undefined) {
  return cursor === undefined ? next : { ...place, cursor }
}

/** The first Shanghai day, of those looked at, on which the order was paid or gave something back. */
function firstDay({ order, refunds }: OrderParts, from: string): string | undefined {
  const moments = [...(order.paidAt === undefined ? [] : [order.paidAt]), ...refunds.map(({ decidedAt }) => decidedAt)]
  return moments
    .map(shanghaiDay)
    .filter((day) => day >= from)
    .sort()[0]
}
