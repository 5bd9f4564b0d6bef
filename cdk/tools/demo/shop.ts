import { listGroupBuys } from '../../../shared/contracts/group-buys.ts'
import { PAGE_MAX } from '../../../shared/contracts/route.ts'
import { allPages, must } from './http-client.ts'
import type { Random } from './random.ts'
import type { Line, Stock } from './records.ts'

/** What is open for a compound, as the shop's page reads it. */
export async function browse(url: string, compoundId: string) {
  const groupBuys = await allPages((cursor) =>
    must(url, listGroupBuys, { query: { compoundId, with: 'offers', cursor, limit: PAGE_MAX } }),
  )
  return groupBuys
    .filter(({ state }) => state === 'open')
    .map(({ groupBuyId, offers }) => ({ groupBuyId, offers: offers ?? [] }))
}
export type Shelf = Awaited<ReturnType<typeof browse>>

export function stockOf(shelf: Shelf): Stock[] {
  return shelf.flatMap(({ groupBuyId, offers }) =>
    offers.map(({ offerId, stock, left }) => ({ groupBuyId, offerId, stock, left })),
  )
}

/** The provider takes no less than this; a small basket is filled up. */
const MINIMUM_FEN = 400
const LINES_MAX = 5
/** More than this is left to be fought over by others. */
const LEFT_MIN = 12

/** One to five lines from one or two group buys, one to three portions each, at the prices that are shown. */
export function fillBasket(shelf: Shelf, random: Random): Line[] {
  const open = shelf
    .map(({ groupBuyId, offers }) => ({ groupBuyId, offers: offers.filter(({ left }) => left >= LEFT_MIN) }))
    .filter(({ offers }) => offers.length > 0)
  const groupBuys = random.shuffled(open).slice(0, random.between(1, 2))
  const wanted = random.between(groupBuys.length, LINES_MAX)
  const offers = groupBuys.flatMap(({ groupBuyId, offers }, at) => {
    const share = at === 0 ? wanted - (groupBuys.length - 1) : groupBuys.length - 1
    return random
      .shuffled(offers)
      .slice(0, share)
      .map((offer) => ({ groupBuyId, ...offer }))
  })
  const lines = offers.map(({ groupBuyId, offerId, priceFen, perHouseholdLimit }) => ({
    groupBuyId,
    offerId,
    quantity: random.between(1, Math.min(3, perHouseholdLimit)),
    unitPriceFen: priceFen,
  }))
  const [first] = lines
  if (first === undefined) throw new Error('nothing is open here')
  const missing = MINIMUM_FEN - amountOf(lines)
  if (missing > 0) first.quantity += Math.ceil(missing / first.unitPriceFen)
  return lines
}

export function amountOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitPriceFen, 0)
}
