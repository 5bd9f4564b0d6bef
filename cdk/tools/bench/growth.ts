import { say } from '../result.ts'
import { engineClient, fill } from './engine-client.ts'
import { round } from './load.ts'
import { openMarket } from './market.ts'
import { ordersPhase } from './orders.ts'

/** The same orders before and after a hundred thousand more records in the table and its stream. */
const RECORDS = 100_000
const WARM_UP_MS = 8_000
const FOR_MS = 15_000
const LANES = 32

export async function benchGrowth() {
  const market = await openMarket({ households: 128 })
  try {
    await ordersPhase(market, LANES, WARM_UP_MS)
    const before = await ordersPhase(market, LANES, FOR_MS)
    const { engineEndpoint } = await market.system.stats()
    const client = engineClient(engineEndpoint)
    const startedMs = performance.now()
    await fill(client, 'MarketTable', RECORDS, (n) => ({
      PK: { S: `FILLER#${n % 1_000}` },
      SK: { S: `${n}` },
      entity: { S: 'filler' },
      v: { N: '1' },
      text: { S: 'x'.repeat(300) },
    }))
    client.destroy()
    say(`bench: ${RECORDS} records in ${round((performance.now() - startedMs) / 1_000)} s`)
    await ordersPhase(market, LANES, WARM_UP_MS)
    const after = await ordersPhase(market, LANES, FOR_MS)
    return {
      records: RECORDS,
      before: before.rate,
      after: after.rate,
      afterPerBefore: round(after.rate.perS / before.rate.perS, 3),
    }
  } finally {
    await market.system.close()
  }
}
