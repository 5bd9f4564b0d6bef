import { setTimeout as sleep } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { addHook } from '../../../shared/contracts/hooks.ts'
import { listOpenMatters } from '../../../shared/contracts/matters.ts'
import { HOTLINE_ROWS_MAX, importHotline } from '../../../shared/contracts/matters-hotline.ts'
import { importPlaces } from '../../../shared/contracts/places-import.ts'
import { eachOf, must, send } from '../demo/http-client.ts'
import { type OwnSystem, startOwnSystem } from '../demo/own-system.ts'
import { say } from '../result.ts'
import { round, runLanes } from './load.ts'
import { makeDistrict, type SmallDistrict } from './small-district.ts'
import { mintOf } from './tokens.ts'

/**
 * Ten thousand matters that wait for a branch, and a thousand subscriptions to what happens to them: whether the board slows
 * down as they pile up, how fast the clock gets through what is due, how fast news go out.
 */
const FEW = 20
const OPEN = 10_000
const COMPOUNDS = 50
const SUBSCRIPTIONS = 1_000
/** Each is told to all who subscribed to its compound. */
const NEWS = 500
const PAGE_MS = 4_000
const TURNS = 3
/** The first reminder of a term of one such day is due at once: ten thousand of them are what the clock has to do. */
const DAY_SECONDS = 3_600
const TICK_SECONDS = 5
const DRAINED_WITHIN_MS = 600_000

export async function benchGovernance() {
  const system = await startOwnSystem({ seed: false, tickSeconds: TICK_SECONDS, governanceDaySeconds: DAY_SECONDS })
  try {
    const mint = await mintOf(system.dataDir)
    const district = await makeDistrict(system.url, mint, COMPOUNDS)
    const worker = await aWorker(district)
    const board = await boardAsItGrows(system, district, worker)
    const clock = await drained(system, OPEN)
    return { ...board, ...clock, ...(await deliveries(district, worker)) }
  } finally {
    await system.close()
  }
}

async function aWorker({ url, admin, communityId, mint }: SmallDistrict): Promise<string> {
  const rows = [{ kind: 'membership', subject: 'worker-bench', role: 'worker', scopeId: communityId }]
  await must(url, importPlaces, { token: admin, body: { rows } })
  return mint('worker-bench')
}

async function raise({ url, communityId, compoundIds }: SmallDistrict, token: string, from: number, count: number) {
  const rows = Array.from({ length: count }, (_none, at) => ({
    ...{ kind: 'ticket', ticketNumber: `BENCH-${from + at}`, compoundId: compoundIds[(from + at) % COMPOUNDS] ?? '' },
    ...{ receivedAt: new Date().toISOString(), category: 'facility', where: '1号楼楼下' },
    text: `第 ${from + at} 件：楼下路灯坏了，晚上看不清路。`,
  }))
  const parts = Array.from({ length: Math.ceil(count / HOTLINE_ROWS_MAX) }, (_none, at) => at * HOTLINE_ROWS_MAX)
  await eachOf(parts, 4, async (at) => {
    const body = { communityId, rows: rows.slice(at, at + HOTLINE_ROWS_MAX) }
    const { results } = await must(url, importHotline, { token, body })
    const bad = results.find(({ outcome }) => outcome !== 'created')
    if (bad !== undefined) throw new Error(`a ticket was not taken in: ${JSON.stringify(bad)}`)
  })
}

async function boardAsItGrows(system: OwnSystem, district: SmallDistrict, worker: string) {
  await raise(district, worker, 0, FEW)
  const few = await boardP95(district, worker)
  const startedMs = performance.now()
  await raise(district, worker, FEW, OPEN - FEW)
  const took = (performance.now() - startedMs) / 1_000
  say(`bench: ${OPEN} matters raised in ${round(took)} s`)
  await drained(system, OPEN)
  const many = await boardP95(district, worker)
  return {
    matters: OPEN,
    raisedPerS: round((OPEN - FEW) / took),
    board: { p95MsFew: few.p95Ms, p95Ms: many.p95Ms, ratio: round(many.p95Ms / few.p95Ms, 2), perS: many.perS },
  }
}

/** The first page of a branch's board, as a worker opens it; the median of several turns. */
async function boardP95({ url, communityId }: SmallDistrict, token: string) {
  const page = `${url}/api/matters/board?communityId=${communityId}&limit=20`
  const first = await must(url, listOpenMatters, { token, query: { communityId, limit: 20 } })
  if (first.items.length !== 20) throw new Error(`the board has ${first.items.length} matters on its first page`)
  const ask = async () => {
    const answer = await send(page, { token })
    if (answer.status !== 200) throw new Error(`${page}: ${answer.status}`)
  }
  // As warm for few as for many.
  await runLanes(1, PAGE_MS * 2, ask)
  const rates = []
  for (let turn = 0; turn < TURNS; turn += 1) rates.push((await runLanes(1, PAGE_MS, ask)).rate)
  const median = rates.toSorted((left, right) => left.p95Ms - right.p95Ms)[Math.floor(TURNS / 2)]
  if (median === undefined) throw new Error('nothing was measured')
  return median
}

type Job = { readonly moved: number; readonly durationMs: number }

/** What the clock did by its own log, once it has reminded of every matter. */
async function drained({ dataDir }: OwnSystem, count: number) {
  const givesUpMs = performance.now() + DRAINED_WITHIN_MS
  for (;;) {
    const jobs = jobsOf(join(dataDir, 'logs', 'MattersOnTick.log'))
    const moved = jobs.reduce((sum, job) => sum + job.moved, 0)
    if (moved >= count) {
      const ms = jobs.reduce((sum, job) => sum + job.durationMs, 0)
      const perS = round(moved / (ms / 1_000))
      return { clock: { steps: moved, perS, tickMsFor10000: Math.round((10_000 / perS) * 1_000) } }
    }
    if (performance.now() > givesUpMs) throw new Error(`the clock has taken ${moved} of ${count} steps`)
    await sleep(500)
  }
}

function jobsOf(file: string): Job[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"name":"matters"'))
    .map((line) => JSON.parse(line) as Job)
}

async function deliveries(district: SmallDistrict, worker: string) {
  let [count, firstMs, lastMs] = [0, 0, 0]
  const receiver = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      lastMs = performance.now()
      if (count++ === 0) firstMs = lastMs
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve))
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  try {
    await eachOf(
      Array.from({ length: SUBSCRIPTIONS }, (_none, at) => at),
      4,
      async (at) => {
        const id = district.compoundIds[at % COMPOUNDS] ?? ''
        const body = {
          name: `订阅 ${at}`,
          url: receiverUrl,
          types: ['matter.moved.v1' as const],
          scope: { kind: 'compound' as const, id },
        }
        await must(district.url, addHook, { token: worker, params: { hookId: randomUUID() }, body })
      },
    )
    const wanted = NEWS * (SUBSCRIPTIONS / COMPOUNDS)
    await raise(district, worker, OPEN, NEWS)
    const givesUpMs = performance.now() + DRAINED_WITHIN_MS
    while (count < wanted && performance.now() < givesUpMs) await sleep(100)
    const perS = round(count / ((lastMs - firstMs) / 1_000))
    say(`bench: ${count} deliveries to ${SUBSCRIPTIONS} subscriptions, ${perS}/s`)
    return { subscriptions: SUBSCRIPTIONS, deliveries: count, deliveriesPerS: perS, ok: count >= wanted }
  } finally {
    receiver.close()
    receiver.closeAllConnections()
  }
}
