import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { startBackend, type Backend } from '../fixtures/backend.ts'
import { sale } from '../domain/fund-story.ts'
import { deliver } from './fund-table.ts'

let backend: Backend
let onSale: unknown
const units = { read: 0, write: 0 }

beforeAll(async () => {
  // Read when the table module is loaded: with it on, each answer says what the service charges.
  process.env['METER_CAPACITY'] = '1'
  backend = await startBackend()
  onSale = (await import('#functions/fund/on-sale.ts')).handler
  const { dynamo } = await import('#functions/platform/table/client.ts')
  type Answer = { ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[] }
  const client = dynamo() as unknown as { send: (command: object) => Promise<Answer> }
  const real = client.send.bind(client)
  client.send = async (command) => {
    const answer = await real(command)
    const consumed = [answer.ConsumedCapacity ?? []].flat().reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0)
    units[command.constructor.name.startsWith('Transact') ? 'write' : 'read'] += consumed
    return answer
  }
})
afterAll(async () => {
  delete process.env['METER_CAPACITY']
  await backend.stop()
})

describe('what posting costs', () => {
  it.each([
    [10, 4.6],
    [20, 4.4],
    [100, 4.4],
  ])('a sale in a batch of %i costs at most %d write units and a fifth of a read unit', async (size, most) => {
    units.read = 0
    units.write = 0
    const events = Array.from({ length: size }, (_none, n): SaleEvent => {
      const village = `37150210521${n % 3}`
      return sale(randomUUID(), 1_280, {
        compoundId: `371502001001-c${size}`,
        groupBuyId: `week-2026-11-23-coop-${village}`,
        coopId: `coop-${village}`,
        villageId: village,
        agreementId: `agreement-371502001-${village}`,
      })
    })
    expect(await deliver(onSale, events)).toEqual({ batchItemFailures: [] })
    process.stdout.write(`posting ${size}: ${units.write / size} write and ${units.read / size} read units per sale\n`)
    expect(units.write / size).toBeGreaterThanOrEqual(4)
    expect(units.write / size).toBeLessThanOrEqual(most)
    expect(units.read / size).toBeLessThanOrEqual(0.2)
  })
})
