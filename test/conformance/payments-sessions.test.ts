import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiVersion } from '../../cdk/local/payments/index.ts'
import {
  client,
  errorOf,
  line,
  order,
  paidSession,
  post,
  secretKey,
  startHarness,
  until,
  type Harness,
} from './payments-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

const create = (change: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  harness.stripe.checkout.sessions.create(order(change))
const nowSeconds = () => Math.floor(Date.now() / 1000)

describe('payment sandbox: checkout sessions', () => {
  it('speaks the API version that the SDK pins', () => {
    expect(apiVersion).toBe(Stripe.API_VERSION)
  })

  it('opens a session with a hosted page, the sum of its lines and its metadata', async () => {
    const session = await create()
    expect(session).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 2920,
      currency: 'cny',
      payment_intent: null,
      client_reference_id: 'o1',
      metadata: { orderId: 'o1' },
      livemode: false,
      mode: 'payment',
    })
    expect(session.url).toBe(`${harness.payments.url}/pay/${session.id}`)
    expect(session.expires_at - session.created).toBe(24 * 3600)
    expect(session.lastResponse.requestId).toMatch(/^req_\w+/)
    expect(await harness.stripe.checkout.sessions.retrieve(session.id)).toEqual(session)
  })

  it('lists line items page by page and within the session when asked', async () => {
    const session = await create({ line_items: [line('a', 500, 1), line('b', 600, 2), line('c', 700, 3)] })
    const first = await harness.stripe.checkout.sessions.listLineItems(session.id, { limit: 2 })
    expect(first.data.map((item) => [item.description, item.quantity, item.amount_total])).toEqual([
      ['a', 1, 500],
      ['b', 2, 1200],
    ])
    expect(first.has_more).toBe(true)
    const all: string[] = []
    for await (const item of harness.stripe.checkout.sessions.listLineItems(session.id, { limit: 1 }))
      all.push(item.description ?? '')
    expect(all).toEqual(['a', 'b', 'c'])
    const expanded = await harness.stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] })
    expect(expanded.line_items?.data.map((item) => item.price?.unit_amount)).toEqual([500, 600, 700])
  })

  const refusals: [
    string,
    () => Partial<Stripe.Checkout.SessionCreateParams>,
    { param?: string; code?: string; message?: RegExp },
  ][] = [
    [
      'expiry under 30 minutes',
      () => ({ expires_at: nowSeconds() + 29 * 60 }),
      { param: 'expires_at', message: /at least 30 minutes/ },
    ],
    [
      'expiry over 24 hours',
      () => ({ expires_at: nowSeconds() + 24 * 3600 + 60 }),
      { param: 'expires_at', message: /less than 24 hours/ },
    ],
    ['no lines', () => ({ line_items: [] }), { param: 'line_items', code: 'parameter_missing' }],
    [
      'too small a total',
      () => ({ line_items: [line('葱', 399, 1)] }),
      { code: 'amount_too_small', message: /¥4\.00/ },
    ],
    ['too large a total', () => ({ line_items: [line('葱', 99_999_999, 2)] }), { code: 'amount_too_large' }],
    ['a broken price', () => ({ line_items: [line('葱', 12.5, 1)] }), { code: 'parameter_invalid_integer' }],
    [
      'a negative price',
      () => ({ line_items: [line('葱', -1, 1)] }),
      { param: 'line_items[0][price_data][unit_amount]' },
    ],
    ['quantity zero', () => ({ line_items: [line('葱', 500, 0)] }), { param: 'line_items[0][quantity]' }],
    [
      'more than 100 lines',
      () => ({ line_items: Array.from({ length: 101 }, () => line('葱', 500, 1)) }),
      { param: 'line_items' },
    ],
    [
      'another currency',
      () => ({
        line_items: [{ price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'x' } }, quantity: 1 }],
      }),
      { param: 'line_items[0][price_data][currency]' },
    ],
    [
      'WeChat Pay without its client',
      () => ({ payment_method_options: {} }),
      { param: 'payment_method_options[wechat_pay][client]', code: 'parameter_missing' },
    ],
    [
      'the list of methods that left this API version',
      () => ({ ['payment_method_types' as string]: ['alipay'] }),
      { param: 'payment_method_types', code: 'parameter_unknown' },
    ],
    [
      'an unknown method',
      () => ({ allowed_payment_method_types: ['klarna'] }),
      { param: 'allowed_payment_method_types[0]' },
    ],
    ['another mode', () => ({ mode: 'subscription' }), { param: 'mode' }],
    ['a success URL that is none', () => ({ success_url: '/orders' }), { param: 'success_url', code: 'url_invalid' }],
    [
      '51 metadata keys',
      () => ({ metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) }),
      { param: 'metadata' },
    ],
    [
      'a metadata key of 41 letters',
      () => ({ metadata: { ['k'.repeat(41)]: 'v' } }),
      { message: /up to 40 characters/ },
    ],
    [
      'a metadata value of 501 letters',
      () => ({ metadata: { k: 'v'.repeat(501) } }),
      { message: /up to 500 characters/ },
    ],
    ['too long a reference', () => ({ client_reference_id: 'r'.repeat(201) }), { param: 'client_reference_id' }],
    [
      'a parameter that is not modelled',
      () => ({ allow_promotion_codes: true }),
      { param: 'allow_promotion_codes', code: 'parameter_unknown' },
    ],
  ]
  it.each(refusals)('refuses %s', async (_name, change, expected) => {
    const error = await errorOf(create(change()))
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
    expect(error.statusCode).toBe(400)
    if (expected.param) expect(error.param).toBe(expected.param)
    if (expected.code) expect(error.code).toBe(expected.code)
    if (expected.message) expect(error.message).toMatch(expected.message)
  })

  it.each([
    ['30 minutes', () => ({ expires_at: nowSeconds() + 30 * 60 + 2 })],
    ['24 hours', () => ({ expires_at: nowSeconds() + 24 * 3600 - 2 })],
    ['the smallest total', () => ({ line_items: [line('葱', 400, 1)] })],
    [
      'metadata at its limits',
      () => ({
        metadata: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`.padEnd(40, 'x'), 'v'.repeat(500)])),
      }),
    ],
    [
      'no WeChat Pay and no options',
      () => ({ allowed_payment_method_types: ['alipay' as const], payment_method_options: {} }),
    ],
  ])('accepts %s', async (_name, change) => {
    expect((await create(change())).status).toBe('open')
  })

  it('expires an open session, tells it, and then neither expires nor takes money', async () => {
    const session = await create()
    const expired = await harness.stripe.checkout.sessions.expire(session.id)
    expect(expired).toMatchObject({ status: 'expired', url: null, payment_status: 'unpaid' })
    const again = await errorOf(harness.stripe.checkout.sessions.expire(session.id))
    expect(again.message).toMatch(/status in \["open"\] can be expired.*`expired`/)
    expect((await post(harness, session.id, 'paid')).status).toBe(409)
    await until(() =>
      harness.merchant.received.some(
        (one) => one.event.type === 'checkout.session.expired' && sessionOf(one.event) === session.id,
      ),
    )
  })

  it('does not expire a paid session', async () => {
    const { session } = await paidSession(harness)
    const error = await errorOf(harness.stripe.checkout.sessions.expire(session.id))
    expect(error.message).toMatch(/`complete`/)
    expect((await harness.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid')
  })

  it('finds a session by its payment intent, and pages newest first in both directions', async () => {
    const { session, intentId } = await paidSession(harness)
    const found = await harness.stripe.checkout.sessions.list({ payment_intent: intentId })
    expect(found.data.map((one) => one.id)).toEqual([session.id])
    const made = [await create(), await create(), await create()].map((one) => one.id)
    const page = await harness.stripe.checkout.sessions.list({ limit: 2 })
    expect(page.data.map((one) => one.id)).toEqual([made[2], made[1]])
    expect(page.has_more).toBe(true)
    const next = await harness.stripe.checkout.sessions.list({ limit: 1, starting_after: made[1] ?? '' })
    expect(next.data[0]?.id).toBe(made[0])
    const back = await harness.stripe.checkout.sessions.list({ limit: 2, ending_before: made[0] ?? '' })
    expect(back.data.map((one) => one.id)).toEqual([made[2], made[1]])
    expect(back.has_more).toBe(false)
    const later = await harness.stripe.checkout.sessions.list({ created: { gt: nowSeconds() + 60 } })
    expect(later.data).toEqual([])
  })

  it('refuses pages over 100, unknown cursors and unknown ids', async () => {
    expect((await errorOf(harness.stripe.checkout.sessions.list({ limit: 101 }))).param).toBe('limit')
    expect((await errorOf(harness.stripe.checkout.sessions.list({ limit: 0 }))).param).toBe('limit')
    const cursor = await errorOf(harness.stripe.checkout.sessions.list({ starting_after: 'cs_test_none' }))
    expect(cursor.code).toBe('resource_missing')
    const missing = await errorOf(harness.stripe.checkout.sessions.retrieve('cs_test_none'))
    expect([missing.statusCode, missing.code]).toEqual([404, 'resource_missing'])
    expect((await errorOf(harness.stripe.customers.list())).statusCode).toBe(404)
  })

  it('lets in only the secret key', async () => {
    const error = await errorOf(client(harness.payments.url, 'sk_test_wrong').checkout.sessions.create(order()))
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
    expect(error.statusCode).toBe(401)
    expect((await fetch(`${harness.payments.url}/v1/balance`)).status).toBe(401)
    const basic = { authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}` }
    expect((await fetch(`${harness.payments.url}/v1/balance`, { headers: basic })).status).toBe(200)
  })

  it('refuses hostile forms without falling over', async () => {
    const send = (body: string) =>
      fetch(`${harness.payments.url}/v1/checkout/sessions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}` },
        body,
      })
    for (const body of [
      '__proto__[x]=1',
      'constructor[prototype][x]=1',
      'a[b=1',
      'a=1&a[b]=2',
      `a${'[b]'.repeat(50)}=1`,
      'metadata=x',
      '%',
      'line_items=x',
      'line_items[x]=1',
      'line_items[0]=x',
    ]) {
      expect([body, (await send(body)).status]).toEqual([body, 400])
    }
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    expect((await send(`metadata[k]=${'x'.repeat(1_100_000)}`)).status).toBe(413)
  })
})

function sessionOf(event: Stripe.Event): string {
  return event.type.startsWith('checkout.session.') && 'id' in event.data.object ? String(event.data.object.id) : ''
}
