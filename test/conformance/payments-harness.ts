import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { startPayments, type PaymentsOptions } from '../../cdk/local/payments/index.ts'

export const secretKey = 'sk_test_conformance'
export const webhookSecret = 'whsec_conformance'

/** One webhook as the merchant saw it, its signature already checked by the official SDK. */
export interface Received {
  event: Stripe.Event
  body: string
  headers: IncomingHttpHeaders
  atMs: number
}

/** A merchant's webhook that keeps what it gets and answers what it is told to. */
export async function startMerchant() {
  const received: Received[] = []
  let answer: (event: Stripe.Event, nth: number) => number | Promise<number> = () => 200
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const event = Stripe.webhooks.constructEvent(body, String(request.headers['stripe-signature']), webhookSecret)
      received.push({ event, body, headers: request.headers, atMs: performance.now() })
      const nth = received.filter((one) => one.event.id === event.id).length
      void Promise.resolve(answer(event, nth)).then((status) => response.writeHead(status).end())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return {
    url: `http://127.0.0.1:${address.port}/api/payments/webhook`,
    received,
    types: () => received.map((one) => one.event.type),
    answerWith(next: typeof answer) {
      answer = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export async function startHarness(options: Partial<PaymentsOptions> = {}) {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'payments-')))
  const merchant = await startMerchant()
  const logged: string[] = []
  const start = () =>
    startPayments({
      port: 0,
      dataDir,
      secretKey,
      webhookSecret,
      webhookUrl: merchant.url,
      log: (message) => logged.push(message),
      retryDelaysMs: [30, 60, 120, 240, 480],
      ...options,
    })
  const payments = await start()
  const harness = {
    payments,
    stripe: client(payments.url),
    merchant,
    dataDir,
    logged,
    /** Stops the sandbox and starts it again on the same data. */
    async restart() {
      await harness.payments.close()
      harness.payments = await start()
      harness.stripe = client(harness.payments.url)
    },
    async close() {
      await harness.payments.close()
      await merchant.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return harness
}
export type Harness = Awaited<ReturnType<typeof startHarness>>

/** The official SDK, pointed at the sandbox. */
export function client(url: string, key = secretKey): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

export function order(change: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    allowed_payment_method_types: ['alipay', 'wechat_pay', 'card'],
    payment_method_options: { wechat_pay: { client: 'web' } },
    line_items: [line('西红柿', 1230, 2), line('黄瓜', 460, 1)],
    success_url: 'http://127.0.0.1:8080/orders/o1?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:8080/orders/o1',
    client_reference_id: 'o1',
    metadata: { orderId: 'o1' },
    payment_intent_data: { metadata: { orderId: 'o1' } },
    ...change,
  }
}

export function line(name: string, unitFen: number, quantity: number): Stripe.Checkout.SessionCreateParams.LineItem {
  return { price_data: { currency: 'cny', unit_amount: unitFen, product_data: { name } }, quantity }
}

/** Posts the payment page's own form, as a browser does. */
export function post(
  harness: Harness,
  sessionId: string,
  outcome: string,
  method = 'alipay',
  accept = 'text/html',
): Promise<Response> {
  const body = new URLSearchParams({ outcome, method })
  return fetch(`${harness.payments.url}/pay/${sessionId}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept },
    body,
  })
}

/** A session paid by `method`; answers its payment intent. */
export async function paidSession(harness: Harness, method = 'alipay', params = order()) {
  const session = await harness.stripe.checkout.sessions.create(params)
  const response = await post(harness, session.id, 'paid', method, 'application/json')
  if (response.status !== 200) throw new Error(`not paid: ${response.status} ${await response.text()}`)
  const paid = await harness.stripe.checkout.sessions.retrieve(session.id)
  return { session: paid, intentId: String(paid.payment_intent) }
}

/** What the SDK threw. */
export async function errorOf(call: Promise<unknown>) {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('the call was expected to be refused')
}

export async function until(what: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
