import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportLedgerJsonl } from '../../../shared/contracts/fund.ts'
import { bundleBytes } from '../build.ts'
import { must } from '../demo/http-client.ts'
import { percentile } from '../demo/lag.ts'
import { SandboxControl } from '../demo/sandbox.ts'
import { say } from '../result.ts'
import { type Ran, round, runLanes } from './load.ts'
import { completeOrder, type Market, openMarket } from './market.ts'
import { processMemory } from './processes.ts'
import { RawEngine } from './raw.ts'

/** Complete orders at one, eight and thirty-two at a time, beside what the bare engine does in the same minute. */
const WARM_UP_MS = 15_000
const PHASE_MS = { 1: 8_000, 8: 12_000, 32: 6_000 } as const
const RAW_MS = 4_000
/** The machine's own speed drifts by a factor of two: system and bare engine take turns, and the middle one counts. */
const ROUNDS = 7
const HOUSEHOLDS = 128
const METERED_ORDERS_MS = 8_000
const METERED_POLL_MS = 400
/** Functions report their units every half second. */
const METER_FLUSHED_MS = 1_500

type Phase = Ran & { readonly lags: readonly number[] }

export async function ordersPhase(market: Market, lanes: number, forMs: number): Promise<Phase> {
  const sandbox = new SandboxControl(market.system.payUrl)
  const after = await sandbox.now()
  const seenAt = new Map<string, number>()
  const toDate = Date.now() - performance.now()
  const ran = await runLanes(lanes, forMs, async (lane) => {
    const household = market.households[(lane * 4 + Math.floor(Math.random() * 4)) % market.households.length]
    if (household === undefined) throw new Error('nobody lives here')
    const { sessionId, atMs } = await completeOrder(market, household)
    seenAt.set(sessionId, toDate + atMs)
  })
  const lags = (await sandbox.deliveries(after)).flatMap(({ objectId, answeredAt, type }) => {
    const at = objectId === null ? undefined : seenAt.get(objectId)
    if (at === undefined || answeredAt === null || type !== 'checkout.session.completed') return []
    return [Math.max(0, at - Date.parse(answeredAt))]
  })
  const { rate } = ran
  say(`bench: ${lanes} at a time: ${rate.perS} orders/s, p50 ${rate.p50Ms} p95 ${rate.p95Ms} p99 ${rate.p99Ms} ms`)
  return { ...ran, lags: lags.sort((left, right) => left - right) }
}

export async function benchOrders() {
  const market = await openMarket({ households: HOUSEHOLDS })
  try {
    const idleMb = processMemory(await market.system.stats())
    await ordersPhase(market, 8, WARM_UP_MS)
    const c1 = await ordersPhase(market, 1, PHASE_MS[1])
    const c8 = await ordersPhase(market, 8, PHASE_MS[8])
    const { rounds, ...loaded } = await turns(market)
    const middle = rounds.toSorted((left, right) => left.ratio - right.ratio)[Math.floor(ROUNDS / 2)]
    if (middle === undefined) throw new Error('no round was measured')
    const lags = rounds.flatMap(({ c32 }) => c32.lags).sort((left, right) => left - right)
    const units = await meteredUnits()
    return {
      c1: c1.rate,
      c8: c8.rate,
      c32: middle.c32.rate,
      rawPerS: middle.rawPerS,
      ratio: middle.ratio,
      ratios: rounds.map(({ ratio }) => ratio),
      ...units,
      fundLagMsP99: Math.round(percentile(lags, 99)),
      ...loaded,
      bundleBytes: bundleBytes(),
      initMs: Object.fromEntries(
        (await market.system.stats()).functions.flatMap(({ name, initMs }) =>
          initMs === undefined ? [] : [[name, round(initMs)]],
        ),
      ),
      memoryMb: { idle: idleMb, load: processMemory(await market.system.stats()) },
    }
  } finally {
    await market.system.close()
  }
}

/** Turns of the system and the bare engine, which posts in batches as large as the system's have been. */
async function turns(market: Market) {
  const before = await postings(market)
  await ordersPhase(market, 32, WARM_UP_MS)
  const after = await postings(market)
  const fundBatch = (after.entries - before.entries) / Math.max(1, after.transactions - before.transactions)
  const raw = await RawEngine.open((await market.system.stats()).engineEndpoint)
  const plan = { fundBatch: Math.max(1, Math.round(fundBatch)), lanes: 32 }
  try {
    await raw.measure({ ...plan, forMs: RAW_MS })
    const rounds = []
    let cpuSeconds = 0
    for (let n = 0; n < ROUNDS; n++) {
      const begun = await market.system.stats()
      const c32 = await ordersPhase(market, 32, PHASE_MS[32])
      cpuSeconds += (await market.system.stats()).cpuSeconds - begun.cpuSeconds
      const { perS } = await raw.measure({ ...plan, forMs: RAW_MS })
      say(`bench: the bare engine: ${perS} orders/s at batches of ${plan.fundBatch}`)
      rounds.push({ c32, rawPerS: perS, ratio: round(c32.rate.perS / perS, 3) })
    }
    const orders = rounds.reduce((sum, { c32 }) => sum + c32.count, 0)
    return { rounds, fundBatch: round(fundBatch), hostCpuMsPerOrder: round((cpuSeconds * 1_000) / orders) }
  } finally {
    raw.close()
  }
}

/** Entries, and the ledger transactions that wrote them: those of one fund that carry the same moment are one. */
async function postings({ district }: Market): Promise<{ entries: number; transactions: number }> {
  let entries = 0
  const moments = new Set<string>()
  for (const compoundId of district.compoundIds) {
    const text = await must(district.url, exportLedgerJsonl, { params: { compoundId }, token: district.admin })
    for (const found of String(text).matchAll(/"postedAt":"([^"]+)"/g)) {
      entries += 1
      moments.add(`${compoundId} ${found[1]}`)
    }
  }
  return { entries, transactions: moments.size }
}

/**
 * Units that the tables charged per complete order, by a system whose functions report them. One fund, read a little
 * less often, so that sales are posted in batches of ten or so as on a busy day: `unitsBatch` says what they were.
 */
async function meteredUnits(): Promise<{ writeUnits: number; readUnits: number; unitsBatch: number }> {
  const market = await openMarket({
    households: HOUSEHOLDS,
    compounds: 1,
    meterCapacity: true,
    streamPollMs: METERED_POLL_MS,
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, METER_FLUSHED_MS))
  try {
    await ordersPhase(market, 32, WARM_UP_MS)
    await settle()
    const before = { ...capacityIn(market.system.dataDir), ...(await postings(market)) }
    const { count } = await ordersPhase(market, 32, METERED_ORDERS_MS)
    await settle()
    const after = { ...capacityIn(market.system.dataDir), ...(await postings(market)) }
    return {
      writeUnits: round((after.write - before.write) / count, 2),
      readUnits: round((after.read - before.read) / count, 2),
      unitsBatch: round((after.entries - before.entries) / Math.max(1, after.transactions - before.transactions)),
    }
  } finally {
    await market.system.close()
  }
}

/** The work of an order: placing, paying, posting. Reading the fund, as the measurement does, is nobody's order. */
const WORKING = /^(OrdersHttp|PaymentsHttp|FundOnSale)\.log$/

function capacityIn(dataDir: string): { read: number; write: number } {
  const sums = { read: 0, write: 0 }
  const logs = join(dataDir, 'logs')
  for (const name of readdirSync(logs).filter((each) => WORKING.test(each))) {
    for (const line of readFileSync(join(logs, name), 'utf8').split('\n')) {
      if (!line.includes('"capacity"')) continue
      const { readUnits = 0, writeUnits = 0 } = JSON.parse(line) as { readUnits?: number; writeUnits?: number }
      sums.read += readUnits
      sums.write += writeUnits
    }
  }
  return sums
}
