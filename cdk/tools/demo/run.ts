import { setTimeout as sleep } from 'node:timers/promises'
import { getFund } from '../../../shared/contracts/fund.ts'
import { getOrder } from '../../../shared/contracts/orders.ts'
import { readFund, readStock } from './evidence.ts'
import { eachOf, must } from './http-client.ts'
import { LagWatch } from './lag.ts'
import { findHomes, issuerOf, join, type Resident, roomsOf } from './people.ts'
import { INSISTENT, makePlan, type Plan, REDELIVERED, REFUNDS } from './plan.ts'
import { randomOf } from './random.ts'
import { endsPaid, type Evidence, goesBack, type Home, type OrderRecord, type Stock, type Story } from './records.ts'
import { insist, order } from './resident.ts'
import { type Delivery, SandboxControl } from './sandbox.ts'
import { browse, type Shelf, stockOf } from './shop.ts'
import { eyesOn, findStaff, parkedNow, refund, type Staff } from './staff.ts'

/** A week of a district in two minutes, over plain HTTP; what it returns is evidence, not yet judged. */
export type DriveOptions = {
  readonly url: string
  /** Nobody else uses the system, and its after-sales window is zero. */
  readonly own: boolean
  readonly seed: number
  readonly say: (line: string) => void
}
export type Driven = {
  readonly evidence: Evidence
  readonly lags: readonly number[]
  readonly wrong: readonly string[]
}

const HOMES_MAX = 8
const HOMES_MIN = 4
const AT_ONCE = 16
const SAY_EVERY_MS = 3_000
/** Waiting ends here, whatever is missing: the checks will name it. Counted from the beginning. */
const CALM_WITHIN_MS = 255_000
const MINUTE_MS = 60_000
/** Long enough for the wallet's money to come when the order has been given up. */
const TOO_LATE_MARGIN_MS = 20_000
const PROMISE_MS = 4_000

type Tour = {
  readonly options: DriveOptions
  readonly startedMs: number
  readonly issuer: string
  readonly staff: Staff
  readonly homes: readonly Home[]
  readonly shelves: ReadonlyMap<string, Shelf>
  readonly residents: Map<string, Resident>
  readonly records: OrderRecord[]
  readonly wrong: string[]
  readonly lag: LagWatch
  readonly parked: Map<string, { orderId: string; amountFen: number; reason: string }>
  sandbox: SandboxControl | undefined
  /** Where our part of the provider's log begins. */
  logFrom: number
}

export async function drive(options: DriveOptions): Promise<Driven> {
  const tour = await prepare(options)
  const stopTalking = talk(tour)
  const stopLooking = watchParked(tour)
  try {
    const stockBefore = [...tour.shelves.values()].flatMap(stockOf)
    const seqBefore = await sequenceNumbers(tour)
    const reservationMs = await firstOrder(tour)
    const quickExpiry = reservationMs <= 2 * MINUTE_MS
    tour.logFrom = (await tour.sandbox?.now()) ?? 0
    await ordering(tour, makePlan(randomOf(options.seed), quickExpiry), reservationMs)
    await redeliver(tour)
    await paidByNow(tour)
    await refunding(tour)
    const settled = await calm(tour, seqBefore)
    const lags = tour.sandbox === undefined ? [] : await tour.lag.lags(tour.sandbox, 0)
    await stopLooking()
    return { evidence: await gather(tour, stockBefore, settled), lags, wrong: tour.wrong }
  } finally {
    stopTalking()
    await stopLooking()
    await tour.sandbox?.setFaults({ webhookCopies: 1, webhookDisorderMs: 0, asyncPaymentDelayMs: 1_000 })
  }
}

async function prepare(options: DriveOptions): Promise<Tour> {
  const { url, say } = options
  const issuer = await issuerOf(url)
  const staff = await findStaff(url, issuer)
  const all = await findHomes(url)
  const worked = (home: Home) => staff.workers.some(({ communityId }) => communityId === home.compound.communityId)
  const homes = [...all.filter(worked), ...all.filter((home) => !worked(home))].slice(0, HOMES_MAX)
  const communities = new Set(homes.map(({ compound }) => compound.communityId)).size
  if (homes.length < HOMES_MIN || communities < 2)
    throw new Error(`only ${homes.length} compounds have rooms to live in`)
  const shelves = new Map<string, Shelf>()
  for (const { compound } of homes) shelves.set(compound.compoundId, await browse(url, compound.compoundId))
  const offers = [...shelves.values()].flatMap(stockOf).length
  say(`demo: ${homes.length} compounds of ${communities} communities, ${offers} offers to choose from`)
  return {
    options,
    startedMs: Date.now(),
    issuer,
    staff,
    homes,
    shelves,
    residents: new Map(),
    records: [],
    wrong: [],
    lag: new LagWatch(url),
    parked: new Map(),
    sandbox: undefined,
    logFrom: 0,
  }
}

/** Says how far it is, now and then. */
function talk(tour: Tour): () => void {
  const timer = setInterval(() => tour.options.say(progress(tour)), SAY_EVERY_MS)
  return () => clearInterval(timer)
}

function progress({ startedMs, residents, records }: Tour): string {
  const now = (states: readonly string[]) => records.filter(({ view }) => states.includes(view?.state ?? '')).length
  const taken = records.filter(({ payments }) => payments.length > 0).length
  const refunds = records.flatMap((record) => record.refunds).length
  const seconds = Math.round((Date.now() - startedMs) / 1_000)
  const ended = `${now(['paid'])} seen paid, ${now(['expired', 'cancelled'])} seen given up`
  return `demo: ${seconds} s, ${residents.size} residents, ${records.length} orders, ${taken} with money (${ended}), ${refunds} refunds`
}

/** Money on its way back is on the list for a few seconds only; what is seen there is remembered. */
function watchParked(tour: Tour): () => Promise<void> {
  let stopped = false
  const watching = (async () => {
    while (!stopped) {
      for (const { parkedId, orderId, amountFen, reason } of await parkedNow(tour.options.url, tour.staff)) {
        tour.parked.set(parkedId, { orderId: orderId ?? '', amountFen, reason })
      }
      await sleep(500)
    }
  })()
  watching.catch((error: unknown) => tour.wrong.push(`the list of parked money: ${String(error)}`))
  return async () => {
    stopped = true
    await watching.catch(() => undefined)
  }
}

/** The first order tells how long stock is held, and where the payment pages are. */
async function firstOrder(tour: Tour): Promise<number> {
  const [record] = await visit(tour, 'paid', 0)
  const { placedAt, expiresAt } = record?.view ?? { placedAt: '', expiresAt: '' }
  return Date.parse(expiresAt) - Date.parse(placedAt)
}

async function visit(tour: Tour, story: Story, index: number): Promise<OrderRecord[]> {
  const { options, homes, shelves } = tour
  const rooms = Math.min(...homes.map(roomsOf)) * homes.length
  const resident = await join(options.url, tour.issuer, homes, index % rooms)
  tour.residents.set(resident.account, resident)
  const shelf = shelves.get(resident.home.compound.compoundId) ?? []
  const random = randomOf(options.seed * 100_003 + index)
  const records = await order({
    url: options.url,
    resident,
    shelf,
    story,
    random,
    whenTaken: (taken, sessionId, checkoutUrl) => {
      tour.sandbox ??= new SandboxControl(new URL(checkoutUrl).origin)
      const sampled = taken.story === 'paid' && index % 2 === 0
      const [share] = taken.view?.shares ?? []
      if (!sampled || share === undefined) return
      tour.lag.watch(sessionId, taken.compoundId, share.saleId, eyesOn(tour.staff, taken.communityId).token)
    },
  })
  tour.records.push(...records)
  const [record] = records
  if (record !== undefined && index % Math.floor(360 / INSISTENT) === 0) {
    const stranger = [...tour.residents.values()].find(({ home }) => home !== resident.home)
    if (stranger !== undefined) tour.wrong.push(...(await insist(options.url, resident.token, stranger.token, record)))
  }
  return records
}

/** Three rounds: what needs the clock; then calm; then every webhook twice and out of order. */
async function ordering(tour: Tour, { first, rest }: Plan, reservationMs: number): Promise<void> {
  const { sandbox } = tour
  let index = 1
  const round = async (stories: readonly Story[]) => {
    const from = index
    index += stories.length
    await eachOf(stories, AT_ONCE, async (story, at) => void (await visit(tour, story, from + at)))
  }
  const [late, soon] = [
    first.filter((story) => story === 'paid-too-late'),
    first.filter((story) => story !== 'paid-too-late'),
  ]
  await sandbox?.setFaults({ asyncPaymentDelayMs: reservationMs + TOO_LATE_MARGIN_MS })
  await round(late)
  await sandbox?.setFaults({ asyncPaymentDelayMs: PROMISE_MS })
  await round(soon)
  const half = Math.ceil(rest.length / 2)
  await round(rest.slice(0, half))
  await sandbox?.setFaults({ webhookCopies: 2, webhookDisorderMs: 400 })
  await round(rest.slice(half))
  await sandbox?.setFaults({ webhookCopies: 1, webhookDisorderMs: 0 })
}

/** Old webhooks once more, long after they were done. */
async function redeliver(tour: Tour): Promise<void> {
  const { sandbox, options, logFrom } = tour
  if (sandbox === undefined) return
  const events = [...new Set((await sandbox.deliveries(logFrom)).map(({ eventId }) => eventId))]
  for (const eventId of randomOf(options.seed).shuffled(events).slice(0, REDELIVERED)) await sandbox.redeliver(eventId)
}

async function look(tour: Tour, record: OrderRecord): Promise<void> {
  const token = tour.residents.get(record.account)?.token
  record.view = await must(tour.options.url, getOrder, { params: { orderId: record.orderId }, token })
}

const inTime = (tour: Tour) => Date.now() - tour.startedMs < CALM_WITHIN_MS

/** Until every order that was paid says so. */
async function paidByNow(tour: Tour): Promise<void> {
  for (;;) {
    const open = tour.records.filter(({ story, view }) => endsPaid[story] && view?.state !== 'paid')
    if (open.length === 0 || !inTime(tour)) return
    await eachOf(open, AT_ONCE, (record) => look(tour, record))
    await sleep(300)
  }
}

async function refunding(tour: Tour): Promise<void> {
  const { staff, records, options } = tour
  const random = randomOf(options.seed + 7)
  const own = (record: OrderRecord) => staff.workers.some(({ communityId }) => communityId === record.communityId)
  const chosen = random.shuffled(records.filter((record) => record.view?.state === 'paid' && own(record)))
  await eachOf(chosen.slice(0, REFUNDS.part + REFUNDS.whole), 6, async (record, at) => {
    const whole = at < REFUNDS.whole
    tour.wrong.push(...(await refund(options.url, staff, record, whole, randomOf(options.seed * 31 + at))))
  })
}

async function sequenceNumbers(tour: Tour): Promise<Map<string, number>> {
  const numbers = new Map<string, number>()
  for (const { compound } of tour.homes) {
    const { token } = eyesOn(tour.staff, compound.communityId)
    const { seq } = await must(tour.options.url, getFund, { params: { compoundId: compound.compoundId }, token })
    numbers.set(compound.compoundId, seq)
  }
  return numbers
}

/**
 * Until everything has come to its end: orders decided, refunds done, nothing parked, every event entered. Returns
 * whether sales are settled here at all: our own system settles at once, another may take days.
 */
async function calm(tour: Tour, before: ReadonlyMap<string, number>): Promise<boolean> {
  const { records, options } = tour
  for (;;) {
    await eachOf(records.filter(isOpen), AT_ONCE, (record) => look(tour, record))
    const now = await sequenceNumbers(tour)
    const parked = (await parkedNow(options.url, tour.staff)).filter(({ reason }) => reason !== 'disputed')
    const missing = tour.homes.map(({ compound: { compoundId } }) => {
      const own = records.filter((record) => record.compoundId === compoundId && endsPaid[record.story])
      const sales = own.reduce((sum, { view }) => sum + (view?.shares.length ?? 0), 0)
      const reversals = own.flatMap(({ refunds }) => refunds.flatMap(({ perSale }) => perSale)).length
      const came = (now.get(compoundId) ?? 0) - (before.get(compoundId) ?? 0)
      return { entered: came >= sales + reversals, settled: came >= 2 * sales + reversals }
    })
    const settled = missing.every((fund) => fund.settled)
    const entered = options.own ? settled : missing.every((fund) => fund.entered)
    const done =
      !records.some(isOpen) && parked.length === 0 && entered && (await allCameBack(tour)) && (await quiet(tour))
    if (done || !inTime(tour)) return options.own || settled
    await sleep(1_000)
  }
}

/** Money that is too much may come late; the end is not before it came and went. */
async function allCameBack({ records, parked, sandbox, logFrom }: Tour): Promise<boolean> {
  const unwanted = records.filter(({ story }) => goesBack[story] > 0)
  if (sandbox === undefined) {
    const seen = new Set([...parked.values()].map(({ orderId }) => orderId))
    return unwanted.every(({ orderId }) => seen.has(orderId))
  }
  const due = records.reduce((sum, { story, refunds }) => sum + goesBack[story] + refunds.length, 0)
  return refundsIn(await sandbox.deliveries(logFrom)) >= due
}

async function quiet({ sandbox }: Tour): Promise<boolean> {
  return sandbox === undefined || (await sandbox.pending()) === 0
}

function isOpen({ story, view, refunds }: OrderRecord): boolean {
  const ends = endsPaid[story] ? ['paid'] : ['expired', 'cancelled']
  if (view === undefined || !ends.includes(view.state)) return true
  const done = (refundId: string) =>
    view.refunds.some((each) => each.refundId === refundId && each.state === 'succeeded')
  return refunds.some(({ refundId }) => !done(refundId))
}

/** Refunds the provider made and did not take back, each counted once however often it is told. */
function refundsIn(log: readonly Delivery[]): number {
  const told = (name: string) => new Set(log.filter(({ type }) => type === name).map(({ objectId }) => objectId))
  return told('refund.created').difference(told('refund.failed')).size
}

async function gather(tour: Tour, stockBefore: readonly Stock[], settled: boolean): Promise<Evidence> {
  const { options, staff, homes, records, sandbox, logFrom } = tour
  const funds = []
  for (const { compound } of homes) funds.push(await readFund(options.url, staff, compound))
  const groupBuyIds = [...new Set(stockBefore.map(({ groupBuyId }) => groupBuyId))]
  const parkedOpen = (await parkedNow(options.url, staff)).filter(({ reason }) => reason !== 'disputed').length
  const log = await sandbox?.deliveries(logFrom)
  return {
    orders: records,
    funds,
    stockBefore,
    stockAfter: await readStock(options.url, groupBuyIds),
    parkedOpen,
    parkedSeen: [...tour.parked.values()],
    providerRefunds: log === undefined ? undefined : refundsIn(log),
    alone: options.own,
    settled,
  }
}
