import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Door,
  endDoor,
  getSortingSheet,
  listDoors,
  saveDoor,
  type sortingSheetSchema,
} from '#shared/contracts/orders.ts'
import type * as z from 'zod'
import { handler as orders } from '#functions/orders/index.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aMarket, anAdmin, aResident, aWorker, COMPOUND, placeIds } from '../fixtures/market.ts'
import { ordering } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: who cannot come gets it to the door, by somebody they know; and nothing is written of why. */
let backend: Backend
let provider: Provider
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aMarket(backend, {})
  await aResident(backend, 'resident-1', '1.1.101')
  await aResident(backend, 'resident-2', '1.1.102')
  for (const worker of ['worker-1', 'worker-b']) await aWorker(backend, worker)
  await aWorker(backend, 'worker-2', placeIds(2).communityId)
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  for (const { householdId } of await doors()) await end(householdId)
})

const params = { compoundId: COMPOUND }
const room = (number: string) => ({ building: '1', unit: '1', room: number })
const register = (more: object = {}, as = 'worker-1') =>
  call(orders, saveDoor, { params, body: { ...room('101'), volunteer: '王姐', consent: true, ...more }, as })
const end = (householdId: string, as = 'worker-1') => call(orders, endDoor, { params: { ...params, householdId }, as })
const doors = async () => ((await call(orders, listDoors, { params, as: 'worker-1' })).body as { items: Door[] }).items

describe('goods to the door', () => {
  it('are registered by room and volunteer, however the room is written, and by nothing else', async () => {
    expect(await register({ ...room('0101室'), building: '１号楼' })).toMatchObject({
      ...{ status: 200, body: { householdId: `${COMPOUND}.1.1.101`, volunteer: '王姐' } },
    })
    expect(await register({ volunteer: '李哥' }, 'worker-b')).toMatchObject({ body: { volunteer: '李哥' } })
    expect(await doors()).toMatchObject([{ volunteer: '李哥' }])
    expect(await register({ why: '腿脚不便' })).toMatchObject({ status: 400 })
  })

  it('need the household’s consent, a room and a name', async () => {
    expect(await register({ consent: false })).toMatchObject({
      ...{ status: 400, body: { fields: { consent: '请先征得住户本人同意' } } },
    })
    expect(await register({ volunteer: ' ' })).toMatchObject({
      status: 400,
      body: { fields: { volunteer: expect.any(String) } },
    })
    expect(await register({ room: '' })).toMatchObject({ status: 400, body: { fields: { room: expect.any(String) } } })
    expect(await doors()).toEqual([])
  })

  it('are nobody’s business but the community’s workers’', async () => {
    await register()
    for (const [as, status] of [
      ['worker-2', 404],
      ['resident-1', 403],
    ] as const) {
      expect((await register({}, as)).status).toBe(status)
      expect((await call(orders, listDoors, { params, as })).status).toBe(status)
      expect((await end(`${COMPOUND}.1.1.101`, as)).status).toBe(status)
    }
    expect((await call(orders, listDoors, { params, as: 'admin-1' })).status).toBe(200)
  })

  it('are forgotten when they end, and ending twice is one end', async () => {
    await register()
    const id = `${COMPOUND}.1.1.101`
    expect([(await end(id)).status, (await end(id)).status]).toEqual([200, 200])
    expect(await doors()).toEqual([])
    expect((await backend.scan('market')).filter(({ PK }) => PK === keys.door(COMPOUND, '').PK)).toEqual([])
  })

  it('are marked on the sorting sheet with who brings them', async () => {
    const gb = `gb-${randomUUID().slice(0, 8)}`
    await aMarket(backend, { groupBuyId: gb })
    const buyers = ordering(backend, provider)
    await buyers.buy(gb, 'resident-1', { tomato: 1 })
    await buyers.buy(gb, 'resident-2', { tomato: 1 })
    await buyers.close(gb)
    await register()
    const sheet = await call(orders, getSortingSheet, { params: { ...params, groupBuyId: gb }, as: 'worker-1' })
    const { households } = sheet.body as z.infer<typeof sortingSheetSchema>
    expect(households.map(({ volunteer }) => volunteer)).toEqual(['王姐', undefined])
  })
})
