import { randomInt } from 'node:crypto'
import { send } from '../demo/http-client.ts'
import { type OwnSystem, startOwnSystem } from '../demo/own-system.ts'
import { EntryWatch } from './entry-watch.ts'
import { checkoutQuick, payQuick, placeQuick, type QuickLine } from './quick-order.ts'
import { type Household, makeDistrict, openOffers, settleIn, type SmallDistrict } from './small-district.ts'
import { mintOf } from './tokens.ts'

/** A system with a stocked market to measure: two compounds (unless asked otherwise), one group buy of ten offers that never run out. */
export type Market = {
  readonly system: OwnSystem
  readonly district: SmallDistrict
  readonly households: readonly Household[]
  readonly groupBuyId: string
  readonly offerIds: readonly string[]
  readonly watch: EntryWatch
}

const COMPOUNDS = 2
const OFFERS = 10
const STOCK = 1_000_000
const LIMIT = 999

export type MarketOptions = {
  readonly households: number
  readonly compounds?: number
  readonly meterCapacity?: boolean
  readonly streamPollMs?: number
}

export async function openMarket(options: MarketOptions): Promise<Market> {
  const system = await startOwnSystem({
    seed: false,
    meterCapacity: options.meterCapacity,
    streamPollMs: options.streamPollMs,
    reservationMinutes: 25,
    afterSalesHours: 48,
    tickSeconds: 60,
  })
  // The web server starts with its first page; its memory counts like everybody's.
  await send(`${system.url}/healthz`)
  const district = await makeDistrict(system.url, await mintOf(system.dataDir), options.compounds ?? COMPOUNDS)
  const offers = Array.from({ length: OFFERS }, (_none, at) => ({
    priceFen: 590 + 70 * at,
    stock: STOCK,
    limit: LIMIT,
  }))
  const opened = await openOffers(district, 'gb-bench', offers)
  const watch = new EntryWatch(system.url, district.admin)
  return { system, district, households: await settleIn(district, options.households), ...opened, watch }
}

/** A whole order: two lines, reserved, paid by webhook, its sale readable in the fund. Returns the session and when. */
export async function completeOrder(
  market: Market,
  household: Household,
): Promise<{ sessionId: string; atMs: number }> {
  const { system, watch } = market
  const placed = await placeQuick(system.url, household, twoLines(market))
  if (placed.status !== 200) throw new Error(`an order was refused: ${placed.status} ${placed.code}`)
  const page = await checkoutQuick(system.url, household, placed.orderId)
  const seen = watch.seen(household.compoundId, placed.saleId)
  await payQuick(page)
  return { sessionId: page.slice(page.lastIndexOf('/') + 1), atMs: await seen }
}

function twoLines({ groupBuyId, offerIds }: Market): QuickLine[] {
  const first = randomInt(offerIds.length)
  const second = (first + 1 + randomInt(offerIds.length - 1)) % offerIds.length
  return [first, second].map((at) => ({ groupBuyId, offerId: offerIds[at] ?? '', quantity: 1 }))
}
