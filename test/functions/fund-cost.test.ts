import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { startBackend, type Backend } from '../fixtures/backend.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, disturb, record } from './fund-table.ts'

/**
 * What posting costs by the service's published rules (developer guide: "Item sizes and formats", "Read and write
 * operations": two units for each begun KiB of an item written in a transaction). Computed here from the items, because
 * engines differ in what they report.
 */
let backend: Backend
let calm = () => {}
const written: { pk: string; sk: string }[] = []

beforeAll(async () => {
  backend = await startBackend()
})
afterEach(() => calm())
afterAll(() => backend.stop())

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined)
    return Math.ceil(value.N.replace(/^-|^0+|0+$/g, '').length / 2) + 1 + (value.N.startsWith('-') ? 1 : 0)
  if (value.BOOL !== undefined) return 1
  if (value.L !== undefined) return 3 + value.L.reduce((sum, each) => sum + 1 + valueSize(each), 0)
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M)
  throw new Error('a kind of value that the ledger does not use')
}

function itemSize(item: Record<string, AttributeValue>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0)
}

function watch(): void {
  written.length = 0
  calm = disturb({
    after: ({ input }) => {
      for (const write of input.TransactItems ?? []) {
        const { PK, SK } = unmarshall(write.Put?.Item ?? write.Update?.Key ?? {}) as { PK: string; SK: string }
        written.push({ pk: PK, sk: SK })
      }
    },
  })
}

/** Units of all writes seen, each at the size its item has in the end (items of the ledger never shrink). */
async function writeUnits(): Promise<number> {
  const items = new Map(
    (await backend.scan('ledger')).map((item) => [`${String(item['PK'])} ${String(item['SK'])}`, item]),
  )
  return written.reduce((sum, { pk, sk }) => {
    const item = marshall(items.get(`${pk} ${sk}`) ?? {}, { removeUndefinedValues: true })
    return sum + 2 * Math.ceil(itemSize(item) / 1024)
  }, 0)
}

function sales(fundId: string, count: number): SaleEvent[] {
  return Array.from({ length: count }, (_none, n) => {
    const village = `37150210521${n % 3}`
    return sale(randomUUID(), 1_280, {
      compoundId: fundId,
      groupBuyId: `week-2026-11-23-coop-${village}`,
      coopId: `coop-${village}`,
      villageId: village,
      agreementId: `agreement-371502001-${village}`,
    })
  })
}

describe('what posting costs', () => {
  it.each([
    [10, 4.6],
    [20, 4.4],
    [100, 4.4],
  ])('a sale in a batch of %i costs at most %d write units', async (size, most) => {
    watch()
    const events = sales(`371502001001-c${size}`, size)
    expect(await deliver(onSale, events)).toEqual({ batchItemFailures: [] })
    const each = (await writeUnits()) / size
    process.stdout.write(`posting ${size} sales: ${each} write units each\n`)
    expect(each).toBeGreaterThanOrEqual(4)
    expect(each).toBeLessThanOrEqual(most)
  })

  it('a settlement costs about the same, a reversal its own marker more, after the settlement also what it took back', async () => {
    const fund = '371502001001-c-later'
    const sold = sales(fund, 20)
    await record(backend, sold)
    await deliver(onSale, sold)
    const unitsOf = async (eventOf: (saleId: string) => SaleEvent) => {
      watch()
      await deliver(
        onSale,
        sold.map(({ saleId }): SaleEvent => ({ ...eventOf(saleId), compoundId: fund })),
      )
      const units = (await writeUnits()) / 20
      calm()
      return units
    }
    const reversed = await unitsOf((saleId) => reversal(randomUUID(), saleId, 100))
    const settled = await unitsOf((saleId) => settlement(saleId))
    const late = await unitsOf((saleId) => reversal(randomUUID(), saleId, 100))
    process.stdout.write(
      `posting 20 settlements: ${settled}, reversals: ${reversed}, late ones: ${late} write units each\n`,
    )
    expect(settled).toBeLessThanOrEqual(4.6)
    expect(reversed).toBeLessThanOrEqual(6.6)
    expect(late).toBeLessThanOrEqual(8.6)
  })
})
