import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkEverything } from './demo/checks.ts'
import { busySeen, hangUp } from './demo/http-client.ts'
import { type OwnSystem, startOwnSystem } from './demo/own-system.ts'
import { PAID_MIN } from './demo/plan.ts'
import { demoLine, summaryTable } from './demo/report.ts'
import { drive, type Driven } from './demo/run.ts'
import { callerPath, portFlag, readFlags, runTool, say } from './result.ts'

/**
 * `npm run demo`: hundreds of residents order, pay, fail to pay and are refunded; then every invariant is checked from
 * the outside. Without `--url` it starts a system of its own on temporary data and removes it afterwards.
 */
const SEED = 20_261_123
const RESERVATION_MINUTES = 1
const TICK_SECONDS = 8

await runTool(async () => {
  const { values } = readFlags({
    url: { type: 'string' },
    out: { type: 'string' },
    port: { type: 'string' },
    data: { type: 'string' },
    fresh: { type: 'boolean' },
    'no-seed': { type: 'boolean' },
  })
  const startedMs = Date.now()
  const stopping = stopper()
  const own = values.url === undefined ? await startOwn(values, stopping.whenSpawned) : undefined
  try {
    const url = (own?.url ?? values.url ?? '').replace(/\/+$/, '')
    const driven = await drive({ url, own: own !== undefined, seed: SEED, say })
    const line = judge(driven, values.out === undefined ? undefined : callerPath(values.out))
    const seconds = Math.round((Date.now() - startedMs) / 1_000)
    const cpu = Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1e6)
    say(`demo: done in ${seconds} s (${cpu} s of processor here), asked to wait ${busySeen()} times`)
    return line
  } finally {
    await stopping.stop()
    hangUp()
  }
})

type Flags = { port?: string; data?: string; fresh?: boolean; 'no-seed'?: boolean }

async function startOwn(flags: Flags, whenSpawned: (close: () => Promise<void>) => void): Promise<OwnSystem> {
  say('demo: starting a system of its own')
  const startedMs = Date.now()
  const system = await startOwnSystem({
    whenSpawned,
    seed: flags['no-seed'] !== true,
    port: portFlag(flags.port),
    dataDir: flags.data === undefined ? undefined : callerPath(flags.data),
    fresh: flags.fresh,
    reservationMinutes: RESERVATION_MINUTES,
    afterSalesHours: 0,
    tickSeconds: TICK_SECONDS,
  })
  say(`demo: ${system.url} is ready after ${((Date.now() - startedMs) / 1_000).toFixed(1)} s`)
  return system
}

const INTERRUPTED = 130

/** Stops our own system however we end, also while it starts. */
function stopper() {
  let close: (() => Promise<void>) | undefined
  const stop = async () => close?.()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // What was under way now fails one by one, and none of it matters any more.
      process.on('uncaughtException', () => undefined)
      void stop().finally(() => process.exit(INTERRUPTED))
    })
  }
  return { stop, whenSpawned: (how: () => Promise<void>) => void (close = how) }
}

function judge({ evidence, lags, wrong }: Driven, out: string | undefined) {
  const checked = checkEverything(evidence)
  const findings = [...checked.findings, ...wrong.map((what) => ({ invariant: 'ORDERS', what }))]
  const line = demoLine(evidence, checked, lags)
  const ok = findings.length === 0 && line.oversold === 0 && line.orders >= PAID_MIN
  const table = summaryTable(evidence, checked)
  process.stdout.write(`${table}\n`)
  for (const [invariant, of] of Map.groupBy(findings, (finding) => finding.invariant)) {
    say(`demo: ${invariant} does not hold: ${of.length} findings`)
    for (const { what } of of.slice(0, 5)) say(`demo:   ${what}`)
  }
  if (line.orders < PAID_MIN) say(`demo: only ${line.orders} orders were paid`)
  if (ok) say('demo: I1 to I10 hold, and money, stock, orders and refunds add up')
  const result = { ...line, ok }
  if (out !== undefined) writeOut(out, table, result, evidence)
  return result
}

function writeOut(out: string, table: string, result: object, { funds, orders }: Driven['evidence']): void {
  mkdirSync(out, { recursive: true })
  for (const { compound, jsonl, csv } of funds) {
    writeFileSync(join(out, `fund-${compound.compoundId}.jsonl`), jsonl)
    writeFileSync(join(out, `fund-${compound.compoundId}.csv`), csv)
  }
  writeFileSync(join(out, 'table.txt'), `${table}\n`)
  writeFileSync(join(out, 'orders.json'), `${JSON.stringify(orders, null, 1)}\n`)
  writeFileSync(join(out, 'demo.json'), `${JSON.stringify(result)}\n`)
}
