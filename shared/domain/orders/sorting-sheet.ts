import { assert } from '../../kernel/assert.ts'
import { compareHouseholds } from '../../kernel/household-order.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'

export type SheetLine = OwedLine & {
  readonly offerId: string
  readonly name: string
  readonly unitLabel: string
  readonly portionGrams?: number | undefined
}

/** A paid order's share of the group buy. */
export type SheetOrder = {
  readonly orderId: string
  /** `<compoundId>.<building>.<unit>.<room>` in the one spelling that a room has. */
  readonly householdId: string
  readonly householdLabel: string
  readonly pickUpCode: string
  readonly pickUpPointName: string
  readonly paidAt: string
  readonly lines: readonly SheetLine[]
}

type Portions = {
  readonly offerId: string
  readonly name: string
  readonly unitLabel: string
  readonly portions: number
}

export type SortingSheet = {
  readonly households: {
    readonly householdLabel: string
    readonly volunteer?: string
    readonly orders: {
      readonly orderId: string
      readonly pickUpCode: string
      readonly pickUpPointName: string
      readonly lines: Portions[]
    }[]
  }[]
  readonly products: (Portions & { readonly grams?: number })[]
  readonly bagCount: number
  readonly portions: number
}

/**
 * The same goods seen twice: by household (building, unit, room) and by product. An order of which everything was refunded
 * is not on the sheet; each other one is one bag. `volunteers` bring the bags of some households to their door.
 */
export function sortingSheet(
  orders: readonly SheetOrder[],
  offerIds: readonly string[],
  volunteers: ReadonlyMap<string, string> = new Map(),
): SortingSheet {
  const place = new Map(offerIds.map((offerId, at) => [offerId, at]))
  const asOffered = (a: { offerId: string }, b: { offerId: string }) =>
    (place.get(a.offerId) ?? offerIds.length) - (place.get(b.offerId) ?? offerIds.length)
  const bags = orders
    .map((order) => ({ ...order, lines: order.lines.filter((line) => portionsOwed(line) > 0).sort(asOffered) }))
    .filter((order) => order.lines.length > 0)
  const byHousehold = [...Map.groupBy(bags, (order) => order.householdId)]
    .sort(([a], [b]) => compareHouseholds(a, b))
    .map(([, mine]) => mine)
  const households = byHousehold.map((mine) => ({
    householdLabel: mine[0]?.householdLabel ?? '',
    ...volunteerOf(mine[0], volunteers),
    orders: mine.toSorted(firstPaidFirst).map(({ orderId, pickUpCode, pickUpPointName, lines }) => {
      return { orderId, pickUpCode, pickUpPointName, lines: lines.map(portionsOf) }
    }),
  }))
  const products = [
    ...Map.groupBy(
      bags.flatMap((order) => order.lines),
      (line) => line.offerId,
    ).values(),
  ]
    .map(productOf)
    .sort(asOffered)
  const portions = sum(products)
  const handedOut = households.flatMap((household) => household.orders.flatMap((order) => order.lines))
  assert(sum(handedOut) === portions, 'what is handed out is what was sorted')
  return { households, products, bagCount: bags.length, portions }
}

function volunteerOf(order: SheetOrder | undefined, volunteers: ReadonlyMap<string, string>) {
  const volunteer = order && volunteers.get(order.householdId)
  return volunteer === undefined ? {} : { volunteer }
}

function firstPaidFirst(a: SheetOrder, b: SheetOrder): number {
  return `${a.paidAt} ${a.orderId}` < `${b.paidAt} ${b.orderId}` ? -1 : 1
}

function portionsOf(line: SheetLine): Portions {
  const { offerId, name, unitLabel } = line
  return { offerId, name, unitLabel, portions: portionsOwed(line) }
}

function productOf(lines: readonly SheetLine[]): SortingSheet['products'][number] {
  const [first] = lines
  assert(first !== undefined, 'a product is here because of a line')
  const portions = sum(lines.map(portionsOf))
  const { portionGrams } = first
  return { ...portionsOf(first), portions, ...(portionGrams === undefined ? {} : { grams: portions * portionGrams }) }
}

function sum(portions: readonly { readonly portions: number }[]): number {
  return portions.reduce((total, each) => total + each.portions, 0)
}
