import { randomUUID } from 'node:crypto'
import { cancelOrder, getOrder, placeOrder, startCheckout } from '../../../shared/contracts/orders.ts'
import { call, must } from './http-client.ts'
import { payOnPage, type PayAnswer, type PayOutcome } from './pay-page.ts'
import type { Resident } from './people.ts'
import type { Random } from './random.ts'
import type { Line, OrderRecord, Story } from './records.ts'
import { amountOf, fillBasket, type Shelf } from './shop.ts'

/** One order of one resident, from the basket to the end of its story. */
export type Visit = {
  readonly url: string
  readonly resident: Resident
  readonly shelf: Shelf
  readonly story: Story
  readonly random: Random
  /** Told when a payment page took money (or a promise) of this order. */
  readonly whenTaken: (order: OrderRecord, sessionId: string, checkoutUrl: string) => void
}

const BASKETS_MAX = 8
const METHODS = ['alipay', 'wechat_pay', 'card'] as const
/** What the market may say to a basket without anything being wrong; another basket is tried. */
const LIFE = new Set(['OFFER_SOLD_OUT', 'LIMIT_REACHED', 'BELOW_MINIMUM_CHARGE'])

/** All orders of the visit: one, or more when the buyer was too slow to pay the first and began again. */
export async function order(visit: Visit): Promise<OrderRecord[]> {
  const records: OrderRecord[] = []
  for (let attempt = 0; attempt < SLOW_MAX; attempt++) {
    const record = await place(visit)
    records.push(record)
    try {
      await tell(visit, record)
      return records
    } catch (error) {
      if (!(error instanceof TooSlow)) throw error
      record.story = 'never-paid'
    }
  }
  throw new Error(`${visit.resident.account} was too slow to pay ${SLOW_MAX} times`)
}

/** Stock is held for a while only; on a busy machine the page may come after that. */
class TooSlow extends Error {
  override readonly name = 'TooSlow'
}

const SLOW_MAX = 4

async function place(visit: Visit): Promise<OrderRecord> {
  const { url, resident, random, story, shelf } = visit
  const { token, account, home } = resident
  for (let attempt = 0; attempt < BASKETS_MAX; attempt++) {
    const lines = fillBasket(shelf, random)
    const orderId = randomUUID()
    const said = await call(url, placeOrder, { params: { orderId }, body: { lines }, token })
    if (said.kind === 'refused' && LIFE.has(said.code)) continue
    if (said.kind === 'refused') throw new Error(`${account} may not order: ${said.status} ${said.code}`)
    const { compoundId, communityId } = home.compound
    const amountFen = amountOf(lines)
    const facts = { orderId, account, compoundId, communityId, story, lines, amountFen }
    return { ...facts, payments: [], refunds: [], view: said.output }
  }
  throw new Error(`${account} found nothing to buy in ${BASKETS_MAX} baskets`)
}

async function tell(visit: Visit, record: OrderRecord): Promise<void> {
  switch (record.story) {
    case 'paid':
      return pay(visit, record, 'paid')
    case 'declined-then-paid': {
      const declined = await attempt(visit, record, 'declined')
      if (declined === 'closed') throw new TooSlow()
      if (declined !== 'again') throw new Error(`a declined payment was ${declined}`)
      return pay(visit, record, 'paid')
    }
    case 'paid-later':
    case 'paid-too-late':
      return pay(visit, record, 'async_paid')
    case 'promise-broken':
      return void (await attempt(visit, record, 'async_failed'))
    case 'never-paid':
      return visit.random.next() < 0.5 ? undefined : void (await checkout(visit, record))
    case 'cancelled': {
      if (visit.random.next() < 0.5) await checkout(visit, record)
      return cancel(visit.url, visit.resident.token, record.orderId)
    }
    case 'paid-twice':
      await pay(visit, record, 'async_paid')
      return payAgain(visit, record)
  }
}

export async function cancel(url: string, token: string, orderId: string): Promise<void> {
  await must(url, cancelOrder, { params: { orderId }, token })
}

async function checkout({ url, resident }: Visit, { orderId }: OrderRecord) {
  const said = await call(url, startCheckout, { params: { orderId }, token: resident.token })
  if (said.kind === 'ok') return said.output
  if (said.code === 'ORDER_EXPIRED') throw new TooSlow()
  throw new Error(`no payment page for ${orderId}: ${said.status} ${said.answer.text.slice(0, 300)}`)
}

/** Pays on a second page while the promise of the first is open; if that came true meanwhile, there is no second page. */
async function payAgain(visit: Visit, record: OrderRecord): Promise<void> {
  try {
    await pay(visit, record, 'paid')
  } catch (error) {
    if (!String(error).includes('ORDER_ALREADY_PAID') && !(error instanceof TooSlow)) throw error
    record.story = 'paid-later'
  }
}

async function attempt(visit: Visit, record: OrderRecord, outcome: PayOutcome): Promise<PayAnswer> {
  const { checkoutUrl } = await checkout(visit, record)
  return payOnPage(checkoutUrl, visit.random.pick(METHODS), outcome)
}

async function pay(visit: Visit, record: OrderRecord, outcome: 'paid' | 'async_paid'): Promise<void> {
  const { checkoutUrl, sessionId } = await checkout(visit, record)
  const answer = await payOnPage(checkoutUrl, visit.random.pick(METHODS), outcome)
  if (answer === 'closed') throw new TooSlow()
  if (answer !== 'taken') throw new Error(`${record.orderId}: the payment page was ${answer}`)
  record.payments.push({ sessionId, amountFen: record.amountFen })
  visit.whenTaken(record, sessionId, checkoutUrl)
}

/** The same request once more is the same order; the same id with other goods is refused; to others it does not exist. */
export async function insist(url: string, token: string, stranger: string, record: OrderRecord): Promise<string[]> {
  const wrong: string[] = []
  const { orderId, lines } = record
  const again = await call(url, placeOrder, { params: { orderId }, body: { lines: [...lines] }, token })
  if (again.kind !== 'ok' || again.output.amountFen !== record.amountFen)
    wrong.push(`${orderId} sent again is not the same order`)
  const other: Line[] = lines.map((line) => ({ ...line, quantity: line.quantity + 1 }))
  const changed = await call(url, placeOrder, { params: { orderId }, body: { lines: other }, token })
  if (changed.kind !== 'refused' || changed.code !== 'ORDER_ID_REUSED')
    wrong.push(`${orderId} with another basket is not refused`)
  const foreign = await call(url, getOrder, { params: { orderId }, token: stranger })
  if (foreign.kind !== 'refused' || foreign.status !== 404) wrong.push(`${orderId} exists for a stranger`)
  return wrong
}
