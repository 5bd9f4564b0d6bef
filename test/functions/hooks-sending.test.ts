import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { type Receiver, startReceiver } from '../fixtures/hook-receiver.ts'
import { anAdmin } from '../fixtures/market.ts'
import { aSale, happen, logOf, subscribed, twoPlaces } from './hooks-table.ts'

/** Goal: what happens reaches whoever subscribed to it, signed, at least once and as far as one can promise once. */
let backend: Backend
let receiver: Receiver

beforeAll(async () => {
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1' })
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await backend.stop()
})
beforeEach(async () => {
  await backend.empty()
  receiver.reset()
  await twoPlaces(backend)
  await anAdmin(backend, 'admin-1')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a sale', () => {
  it('is posted, signed, to who subscribed to it', async () => {
    const { hookId, secret } = await subscribed(receiver.url)
    const event = aSale()
    expect(await happen(backend, [event])).toEqual({ batchItemFailures: [] })
    expect(receiver.received).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    const told = new Webhook(secret).verify(body, headers as Record<string, string>)
    expect(told).toMatchObject({
      type: 'sale.recorded.v1',
      timestamp: event.occurredAt,
      data: { saleId: event.saleId },
    })
    expect(await logOf(hookId)).toMatchObject([
      { state: 'delivered', tries: 1, attempts: [{ outcome: 'delivered', status: 204 }], payload: body },
    ])
  })
})
