import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../cdk/local/payments/index.ts'
import {
  client,
  errorOf,
  order,
  paidSession,
  secretKey,
  startHarness,
  startMerchant,
  until,
  webhookSecret,
  type Harness,
} from './payments-harness.ts'

let harness: Harness
afterEach(() => harness?.close())

async function deliveries(url: string, query = ''): Promise<{ data: Delivery[]; nextAfter: number; pending: number }> {
  const response = await fetch(`${url}/_sandbox/deliveries${query}`)
  expect(response.status).toBe(200)
  return response.json()
}

async function control(url: string, path: string, body: object): Promise<number> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return response.status
}

describe('payment sandbox: webhooks', () => {
  it('signs each event as the SDK verifies it, and tells what the API tells', async () => {
    harness = await startHarness()
    const { session } = await paidSession(harness)
    await until(() => harness.merchant.received.length === 1)
    const [first] = harness.merchant.received
    expect(first?.headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/)
    expect(first?.event).toMatchObject({
      object: 'event',
      type: 'checkout.session.completed',
      api_version: Stripe.API_VERSION,
      livemode: false,
    })
    expect(first?.event.id).toMatch(/^evt_/)
    expect(first?.event.data.object).toMatchObject({
      id: session.id,
      payment_status: 'paid',
      amount_total: 2920,
      metadata: { orderId: 'o1' },
      payment_intent: session.payment_intent,
    })
    expect(await harness.stripe.events.retrieve(first?.event.id ?? '')).toEqual(first?.event)
  })

  it('cannot be verified with another secret, nor after the body changed, nor when it is old', async () => {
    harness = await startHarness()
    await paidSession(harness)
    await until(() => harness.merchant.received.length === 1)
    const [first] = harness.merchant.received
    const { body = '', headers = {} } = first ?? {}
    const header = String(headers['stripe-signature'])
    expect(Stripe.webhooks.constructEvent(body, header, webhookSecret).id).toBe(first?.event.id)
    expect(() => Stripe.webhooks.constructEvent(body, header, 'whsec_other')).toThrow(/signature/)
    expect(() => Stripe.webhooks.constructEvent(body.replace('2920', '1'), header, webhookSecret)).toThrow(/signature/)
    const later = Date.now() + 400_000
    expect(() => Stripe.webhooks.constructEvent(body, header, webhookSecret, 300, undefined, later)).toThrow(
      /tolerance/,
    )
  })

  it('names the API call that caused an event', async () => {
    harness = await startHarness()
    const { intentId } = await paidSession(harness)
    const refund = await harness.stripe.refunds.create({ payment_intent: intentId }, { idempotencyKey: 'refund-1' })
    const events = await harness.stripe.events.list({ type: 'refund.created' })
    expect(events.data[0]?.request).toEqual({ id: refund.lastResponse.requestId, idempotency_key: 'refund-1' })
  })

  it('sends again, with growing waits, until it is answered 2xx, and then stops', async () => {
    harness = await startHarness({ retryDelaysMs: [20, 60, 120, 240] })
    harness.merchant.answerWith((_event, nth) => [500, 302, 404][nth - 1] ?? 204)
    await paidSession(harness)
    await until(() => harness.merchant.received.length === 4)
    await until(async () => (await deliveries(harness.payments.url)).data[0]?.state === 'delivered')
    const [delivery] = (await deliveries(harness.payments.url)).data
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 4, status: 204, error: null })
    expect(delivery?.latencyMs).toBeGreaterThan(0)
    expect(Date.parse(delivery?.answeredAt ?? '')).toBeGreaterThanOrEqual(Date.parse(delivery?.createdAt ?? ''))
    const times = harness.merchant.received.map((one) => one.atMs)
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(waits.map((wait, index) => wait >= [20, 60, 120][index]! - 2)).toEqual([true, true, true])
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(harness.merchant.received).toHaveLength(4)
    expect(new Set(harness.merchant.received.map((one) => one.event.id)).size).toBe(1)
  })

  it('counts an answer that never comes as a failure, and gives up at the end of its schedule', async () => {
    harness = await startHarness({ retryDelaysMs: [10], webhookTimeoutMs: 200 })
    harness.merchant.answerWith(() => new Promise(() => {}))
    await paidSession(harness)
    await until(async () => (await deliveries(harness.payments.url)).data[0]?.state === 'given_up')
    expect((await deliveries(harness.payments.url)).data[0]).toMatchObject({
      attempts: 2,
      status: null,
      error: 'timeout',
    })
    harness.merchant.answerWith(() => 200)
    const eventId = harness.merchant.received[0]?.event.id ?? ''
    expect(await control(harness.payments.url, '/_sandbox/redeliver', { eventId })).toBe(200)
    await until(
      async () => (await deliveries(harness.payments.url, `?eventId=${eventId}`)).data.at(-1)?.state === 'delivered',
    )
  })

  it('sends doubles when told to', async () => {
    harness = await startHarness({ faults: { webhookCopies: 3 } })
    await paidSession(harness)
    await until(() => harness.merchant.received.length === 3)
    expect(new Set(harness.merchant.received.map((one) => one.event.id)).size).toBe(1)
    expect((await deliveries(harness.payments.url)).data).toHaveLength(3)
  })

  it('lets events overtake each other when told to', async () => {
    harness = await startHarness({ faults: { webhookDisorderMs: 150 } })
    for (let n = 0; n < 12; n += 1) await paidSession(harness)
    await until(() => harness.merchant.received.length === 12)
    const sent = (await deliveries(harness.payments.url)).data.map((one) => one.eventId)
    const arrived = harness.merchant.received.map((one) => one.event.id)
    expect([...arrived].sort()).toEqual([...sent].sort())
    expect(arrived).not.toEqual(sent)
  })

  it('delays, holds and drops when told to; a dropped event is still in the list', async () => {
    harness = await startHarness({ faults: { webhookDropNext: 1 } })
    const { url } = harness.payments
    await paidSession(harness)
    expect((await deliveries(url)).data[0]?.state).toBe('dropped')
    expect((await harness.stripe.events.list()).data).toHaveLength(1)
    harness.payments.setFaults({ webhookDelayMs: 80 })
    const startedMs = performance.now()
    await paidSession(harness)
    await until(() => harness.merchant.received.length === 1)
    expect(performance.now() - startedMs).toBeGreaterThan(80)
    expect(await control(url, '/_sandbox/faults', { webhookDelayMs: 0, webhookHold: true })).toBe(200)
    await paidSession(harness)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(harness.merchant.received).toHaveLength(1)
    expect((await deliveries(url)).pending).toBe(1)
    expect(await control(url, '/_sandbox/faults', { webhookHold: false })).toBe(200)
    await until(() => harness.merchant.received.length === 2)
  })

  it('never has more webhooks in the air than its bound, and loses none in a burst', async () => {
    harness = await startHarness({ webhookConcurrency: 4, faults: { webhookHold: true } })
    let flying = 0
    let most = 0
    harness.merchant.answerWith(async () => {
      flying += 1
      most = Math.max(most, flying)
      await new Promise((resolve) => setTimeout(resolve, 5))
      flying -= 1
      return 200
    })
    await Promise.all(Array.from({ length: 60 }, () => paidSession(harness)))
    harness.payments.setFaults({ webhookHold: false })
    await until(() => harness.merchant.received.length === 60)
    expect(most).toBe(4)
  })

  it('pages its delivery log by id', async () => {
    harness = await startHarness()
    for (let n = 0; n < 3; n += 1) await paidSession(harness)
    const first = await deliveries(harness.payments.url, '?limit=2')
    expect(first.data).toHaveLength(2)
    const rest = await deliveries(harness.payments.url, `?after=${first.nextAfter}`)
    expect(rest.data).toHaveLength(1)
    expect((await fetch(`${harness.payments.url}/_sandbox/deliveries?limit=x`)).status).toBe(400)
  })

  it('lists events by type, by pattern and by time', async () => {
    harness = await startHarness()
    const { intentId } = await paidSession(harness, 'card')
    await harness.stripe.refunds.create({ payment_intent: intentId })
    const typesOf = async (params: Stripe.EventListParams) =>
      (await harness.stripe.events.list(params)).data.map((one) => one.type)
    expect(await typesOf({ type: 'refund.created' })).toEqual(['refund.created'])
    expect(await typesOf({ type: 'charge.*' })).toEqual(['charge.refunded'])
    expect((await typesOf({ types: ['charge.refunded', 'checkout.session.completed'] })).sort()).toEqual([
      'charge.refunded',
      'checkout.session.completed',
    ])
    expect(await typesOf({ created: { gte: Math.floor(Date.now() / 1000) + 60 } })).toEqual([])
    expect((await errorOf(harness.stripe.events.retrieve('evt_none'))).statusCode).toBe(404)
  })

  it('refuses faults that it does not know and changes that a browser page could post', async () => {
    harness = await startHarness()
    const { url } = harness.payments
    for (const body of [
      { nonsense: 1 },
      { webhookCopies: 0 },
      { webhookDelayMs: -1 },
      { webhookHold: 'yes' },
      { toString: 1 },
    ]) {
      expect([body, await control(url, '/_sandbox/faults', body)]).toEqual([body, 400])
    }
    const form = await fetch(`${url}/_sandbox/faults`, {
      method: 'POST',
      body: new URLSearchParams({ webhookHold: 'true' }),
    })
    expect(form.status).toBe(415)
    expect(await control(url, '/_sandbox/clock', { advanceSeconds: -1 })).toBe(400)
    expect(await control(url, '/_sandbox/nothing', {})).toBe(404)
    expect(await control(url, '/_sandbox/redeliver', { eventId: 'evt_none' })).toBe(400)
    expect(await control(url, '/_sandbox/disputes', { paymentIntent: 'pi_none' })).toBe(404)
  })
})

describe('payment sandbox: survival', () => {
  it('keeps everything over a restart: sessions, keys, clock, what is due, what is unsent', async () => {
    harness = await startHarness({ faults: { refundDelayMs: 3_600_000, webhookHold: true } })
    const { session, intentId } = await paidSession(harness)
    harness.payments.advanceClock(3600)
    const refund = await harness.stripe.refunds.create({ payment_intent: intentId, amount: 20 })
    const open = await harness.stripe.checkout.sessions.create(order())
    expect(open.created - session.created).toBeGreaterThanOrEqual(3600)
    await harness.restart()
    const next = await harness.stripe.checkout.sessions.create(order())
    expect(next.created).toBeGreaterThanOrEqual(open.created)
    expect(await harness.stripe.checkout.sessions.retrieve(session.id)).toEqual(session)
    expect((await harness.stripe.refunds.retrieve(refund.id)).status).toBe('pending')
    harness.payments.advanceClock(3600)
    expect((await harness.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded')
    expect(harness.merchant.received).toHaveLength(0)
    harness.payments.setFaults({ webhookHold: false })
    await until(
      () =>
        harness.merchant.types().includes('refund.updated') &&
        harness.merchant.types().includes('checkout.session.completed'),
    )
  })

  it('loses nothing it acknowledged to kill -9, and sends every unanswered webhook after it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'payments-kill-'))
    const merchant = await startMerchant()
    merchant.answerWith(() => (merchant.received.length % 2 === 0 ? 500 : 200))
    let child = await startChild(dataDir, merchant.url)
    const paid: string[] = []
    const stop = { asked: false }
    const load = Promise.all(
      Array.from({ length: 6 }, async () => {
        const stripe = client(child.url)
        while (!stop.asked) {
          const session = await stripe.checkout.sessions.create(order())
          const response = await fetch(`${child.url}/pay/${session.id}`, {
            method: 'POST',
            headers: { accept: 'application/json' },
            body: new URLSearchParams({ outcome: 'paid', method: 'alipay' }),
          })
          if (response.status === 200) paid.push(session.id)
        }
      }),
    ).catch(() => undefined) // the connection dies with the process
    await until(() => paid.length > 60)
    child.process.kill('SIGKILL')
    stop.asked = true
    await load
    merchant.answerWith(() => 200)
    const answeredBefore = merchant.received.length
    child = await startChild(dataDir, merchant.url)
    const stripe = client(child.url)
    for (const id of paid) expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid')
    await until(async () => (await deliveries(child.url)).pending === 0)
    expect(merchant.received.length).toBeGreaterThan(answeredBefore)
    const told = new Set(
      merchant.received.map((one) => ('id' in one.event.data.object ? one.event.data.object.id : '')),
    )
    expect(paid.filter((id) => !told.has(id))).toEqual([])
    child.process.kill('SIGKILL')
    await merchant.close()
    await rm(dataDir, { recursive: true, force: true })
    harness = await startHarness()
  })
})

/** The sandbox in a process of its own, to be killed. */
async function startChild(dataDir: string, webhookUrl: string): Promise<{ url: string; process: ChildProcess }> {
  const module = fileURLToPath(new URL('../../cdk/local/payments/index.ts', import.meta.url))
  const options = JSON.stringify({
    port: 0,
    dataDir,
    secretKey,
    webhookSecret,
    webhookUrl,
    retryDelaysMs: [5, 5, 5, 5, 5, 5, 5, 5],
    faults: { webhookDisorderMs: 20 },
  })
  const script = `import { startPayments } from ${JSON.stringify(module)}
const payments = await startPayments({ ...${options}, log() {} })
console.log(payments.url)
process.stdin.on('end', () => process.exit()).resume() // ends with whoever started it`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()))
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)))
  })
  return { url, process: child }
}
