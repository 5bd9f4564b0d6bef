import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Certificate, issueCertificate, listCertificates } from '#shared/contracts/deliveries.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { handler as deliveries } from '#functions/deliveries/index.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { ordering } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: who buys can read who grew a batch, when it was harvested, and what the co-op promises of it. */
let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aResident(backend, 'resident-1')
  await aWorker(backend, 'worker-1')
  await aCoopMember(backend, 'coop-1')
  await aCoopMember(backend, 'coop-2', 'coop-2')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function closed(): Promise<void> {
  const buyers = ordering(backend, provider)
  await buyers.buy(gb, 'resident-1', { tomato: 1 })
  await buyers.close(gb)
}
const today = () => shanghaiDay(new Date().toISOString())
const said = (more: object = {}) => ({
  ...{ version: 0, harvestedOn: today(), portions: 4, bases: ['own-test'], origin: '示例镇示例村 3 号棚' },
  ...{ contact: '0635-0000000', ...more },
})
const issue = (body: object = said(), as = 'coop-1', offerId = 'tomato') =>
  call(deliveries, issueCertificate, { params: { groupBuyId: gb, offerId }, body, as })
const read = () => call(deliveries, listCertificates, { params: { groupBuyId: gb } })
const items = async () => ((await read()).body as { items: Certificate[] }).items

describe('the certificate of a batch', () => {
  it('is issued by the co-op and read by everybody, without who issued it', async () => {
    await closed()
    expect(await issue()).toMatchObject({ status: 200, body: { version: 1, issuedOn: today() } })
    const answer = await read()
    expect(answer).toMatchObject({
      status: 200,
      body: {
        coopName: '示例合作社',
        villageName: '示例村',
        items: [{ offerId: 'tomato', portions: 4, grams: 2_000, bases: ['own-test'], harvestedOn: today() }],
      },
    })
    expect(answer.text).not.toMatch(/issuer/)
  })

  it('issued again by the same person, or ten times at once, is one certificate', async () => {
    await closed()
    const answers = await Promise.all(Array.from({ length: 10 }, () => issue()))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await issue()).toEqual(answers[0])
    expect(await issue(said({ portions: 5 }))).toMatchObject({ status: 409, body: { code: 'CERTIFICATE_CHANGED' } })
    expect(await items()).toMatchObject([{ version: 1, portions: 4 }])
  })

  it('is corrected by who has read it, until pick-up ends', async () => {
    await closed()
    await issue()
    expect(await issue(said({ portions: 3 }))).toMatchObject({ status: 409, body: { code: 'CERTIFICATE_CHANGED' } })
    expect(await issue(said({ version: 1, portions: 5 }))).toMatchObject({ body: { version: 2, portions: 5 } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 4 * 86_400_000 })
    expect(await issue(said({ version: 2 }))).toMatchObject({ status: 409, body: { code: 'CERTIFICATE_FIXED' } })
    expect(await items()).toMatchObject([{ version: 2, portions: 5 }])
  })

  it('of two at once is one of them', async () => {
    await closed()
    beforeWriting(
      () => true,
      async () => expect((await issue(said({ portions: 9 }))).status).toBe(200),
    )
    expect(await issue()).toMatchObject({ status: 409, body: { code: 'CERTIFICATE_CHANGED' } })
    expect(await items()).toMatchObject([{ portions: 9 }])
    vi.restoreAllMocks()
    beforeWriting(
      () => true,
      async () => expect((await issue(said({ version: 1, portions: 7 }))).status).toBe(200),
    )
    expect(await issue(said({ version: 1 }))).toMatchObject({ status: 409, body: { code: 'CERTIFICATE_CHANGED' } })
    expect(await items()).toMatchObject([{ portions: 7, version: 2 }])
  })

  it('is not issued before the group buy is decided, nor for what it does not sell', async () => {
    expect(await issue()).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_NOT_DECIDED' } })
    await closed()
    expect(await issue(said(), 'coop-1', 'melon')).toMatchObject({ status: 422, body: { code: 'UNKNOWN_OFFER' } })
  })

  it.each([
    ['a day to come', () => plusDays(today(), 1), 422],
    ['two years ago', () => plusDays(today(), -730), 422],
    ['today', today, 200],
    ['last month, from the cellar', () => plusDays(today(), -30), 200],
  ] as const)('names the day of harvest: %s', async (_what, day, status) => {
    await closed()
    expect((await issue(said({ harvestedOn: day() }))).status).toBe(status)
  })

  it.each([
    ['bases', { bases: [] }],
    ['origin', { origin: ' ' }],
    ['contact', { contact: '' }],
    ['portions', { portions: 0 }],
    ['harvestedOn', { harvestedOn: '2026-02-30' }],
  ])('without %s is refused, and the field is named', async (field, body) => {
    await closed()
    expect(await issue(said(body))).toMatchObject({ status: 400, body: { fields: { [field]: expect.any(String) } } })
  })

  it('is nobody’s but its co-op’s to issue', async () => {
    await closed()
    expect((await issue(said(), 'coop-2')).status).toBe(404)
    for (const as of ['worker-1', 'resident-1']) expect((await issue(said(), as)).status).toBe(403)
    expect((await issue(said(), 'admin-1')).status).toBe(200)
  })

  it('of a group buy that does not exist is not found', async () => {
    gb = 'gb-nothing'
    expect((await read()).status).toBe(404)
    expect((await issue()).status).toBe(404)
  })
})
