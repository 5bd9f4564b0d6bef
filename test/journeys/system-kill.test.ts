import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../cdk/local/ports.ts'
import { checkoutQuick, payQuick, placeQuick } from '../../cdk/tools/bench/quick-order.ts'
import {
  type Household,
  makeDistrict,
  openOffers,
  settleIn,
  type SmallDistrict,
} from '../../cdk/tools/bench/small-district.ts'
import { mintOf } from '../../cdk/tools/bench/tokens.ts'
import { eachOf, hangUp, send } from '../../cdk/tools/demo/http-client.ts'
import { countBy, leftOf, salesIn, soundEntries, until } from './system-order-life.ts'

/**
 * Goal: a machine that loses power loses no order and no fen. Method: the process group of a whole system is killed amid
 * two hundred orders, started again on the same data, and everything is counted.
 */
const ORDERS = 200
/** So many of them are at it at the same time: when the end comes, some have not begun, some are amid it, and some have paid. */
const AT_ONCE = 60
const PAID_BEFORE_THE_END = 40
const STOCK = 5_000
const start = fileURLToPath(new URL('../../cdk/tools/start.ts', import.meta.url))

let dataDir: string
let port: number
let running: ChildProcess

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'xianglai-kill-'))
  port = await threePorts()
  running = await startHere()
})
afterAll(async () => {
  await kill(running)
  hangUp()
  rmSync(dataDir, { recursive: true, force: true })
})

async function threePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = await freePort()
    const free = await Promise.all([base, base + 1, base + 2].map((each) => isFree(each)))
    if (free.every(Boolean)) return base
  }
  throw new Error('no three ports in a row are free')
}

async function isFree(port: number): Promise<boolean> {
  return send(`http://127.0.0.1:${port}/`).then(
    () => false,
    () => true,
  )
}

/** `npm start` as a person starts it, in a process group of its own. */
function startHere(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [start, '--port', String(port), '--data', dataDir, '--no-seed'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, RESERVATION_MINUTES: '1', TICK_SECONDS: '2', AFTER_SALES_HOURS: '0' },
  })
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/^ready /m.test(said)) resolve(child)
    })
    child.once('exit', (code) => reject(new Error(`the system ended with ${code} before it was ready`)))
  })
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGKILL')
  await gone
}

type Life = { household: Household; orderId: string | undefined; paid: boolean }

/** Two hundred buyers, each as far as the machine lets them; some never mean to pay. */
function buyAll(district: SmallDistrict, households: readonly Household[], lines: Parameters<typeof placeQuick>[2]) {
  const lives: Life[] = households.map((household) => ({ household, orderId: undefined, paid: false }))
  const done = eachOf(lives, AT_ONCE, async (life, at) => {
    try {
      life.orderId = crypto.randomUUID()
      const { status } = await placeQuick(district.url, life.household, lines, life.orderId)
      if (status !== 200 || at % 4 === 0) return
      await payQuick(await checkoutQuick(district.url, life.household, life.orderId))
      life.paid = true
    } catch {
      // The machine went away under this buyer.
    }
  })
  return { lives, done }
}

describe('a machine that dies amid two hundred orders', () => {
  it('enters every paid order once and puts every unpaid portion back', { timeout: 240_000 }, async () => {
    const url = `http://127.0.0.1:${port}`
    const district = await makeDistrict(url, await mintOf(dataDir), 2)
    const households = await settleIn(district, ORDERS)
    const { groupBuyId, offerIds } = await openOffers(district, 'gb-kill', [
      { priceFen: 870, stock: STOCK, limit: 9 },
      { priceFen: 1_230, stock: STOCK, limit: 9 },
    ])
    const lines = offerIds.map((offerId, at) => ({ groupBuyId, offerId, quantity: at + 1 }))
    const { lives, done } = buyAll(district, households, lines)
    while (lives.filter(({ paid }) => paid).length < PAID_BEFORE_THE_END) await sleep(5)
    await kill(running)
    await done
    const acknowledged = lives.filter(({ paid }) => paid)
    expect(acknowledged.length, 'the end came in the middle').toBeLessThan((ORDERS * 3) / 4)

    running = await startHere()
    const states = await until(110_000, () => statesOf(url, lives), everyOneEnded)
    const paid = states.filter(({ state }) => state === 'paid')
    expect(countBy(states, ({ state }) => state)['expired'] ?? 0).toBeGreaterThan(0)
    for (const { orderId } of acknowledged) expect(states.find((each) => each.orderId === orderId)?.state).toBe('paid')

    const wanted = paid.flatMap(({ saleIds }) => saleIds).sort()
    const inFund = () => soundEntries(district)
    const entries = await until(30_000, inFund, (found) => salesIn(found, groupBuyId).length >= wanted.length)
    expect(
      salesIn(entries, groupBuyId)
        .map(({ saleId }) => saleId)
        .sort(),
    ).toEqual(wanted)
    for (const [at, offerId] of offerIds.entries()) {
      expect(await leftOf(district, groupBuyId, offerId)).toBe(STOCK - paid.length * (at + 1))
    }
  })
})

type State = { orderId: string; state: string; saleIds: string[] }

async function statesOf(url: string, lives: readonly Life[]): Promise<State[]> {
  const states: State[] = []
  await eachOf(lives, 16, async ({ household, orderId = '' }) => {
    const answer = await send(`${url}/api/orders/${orderId}`, { token: household.token })
    if (answer.status === 404) return void states.push({ orderId, state: 'never placed', saleIds: [] })
    expect(answer.status).toBe(200)
    const { state, shares } = JSON.parse(answer.text) as { state: string; shares: { saleId: string }[] }
    states.push({ orderId, state, saleIds: shares.map(({ saleId }) => saleId) })
  })
  return states
}

function everyOneEnded(states: readonly State[]): boolean {
  return states.every(({ state }) => state !== 'pending_payment' && state !== 'expiring')
}
