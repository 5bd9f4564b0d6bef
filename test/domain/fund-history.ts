import fc from 'fast-check'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { reversal, sale, saleWithoutAgreement, settlement } from './fund-story.ts'

/** Histories that can happen: sales of several donors, each reversed never beyond itself and perhaps settled. */
const oneSale = fc.record({
  amountFen: fc.oneof(
    fc.integer({ min: 0, max: 200 }),
    fc.integer({ min: 0, max: 50_000 }),
    fc.constant(1_000_000_000),
  ),
  rateBps: fc.constantFrom(0, 1, 199, 200, 200, 200, 333, 1_000),
  donor: fc.constantFrom('none', 'agr-1', 'agr-2'),
  coopId: fc.constantFrom('coop-1', 'coop-2'),
  groupBuyId: fc.constantFrom('gb-1', 'gb-2'),
  settled: fc.boolean(),
  /** Parts of what is left, in percent; 100 gives all of it back. */
  reversals: fc.array(fc.constantFrom(1, 10, 33, 50, 99, 100), { maxLength: 3 }),
})

export const history: fc.Arbitrary<readonly SaleEvent[]> = fc
  .array(oneSale, { minLength: 1, maxLength: 12 })
  .map((sales) => sales.flatMap((words, at) => eventsOf(`s${at}`, words)))

function eventsOf(
  saleId: string,
  words: typeof oneSale extends fc.Arbitrary<infer Words> ? Words : never,
): SaleEvent[] {
  const { amountFen, rateBps, donor, coopId, groupBuyId, settled, reversals } = words
  const recorded =
    donor === 'none'
      ? saleWithoutAgreement(saleId, amountFen)
      : sale(saleId, amountFen, { rateBps, agreementId: donor, coopId, groupBuyId })
  let left = amountFen
  const back = reversals.flatMap((percent, at) => {
    const part = Math.ceil((left * percent) / 100)
    left -= part
    return part === 0 ? [] : [reversal(`${saleId}-r${at}`, saleId, part)]
  })
  return [recorded, ...back, ...(settled ? [settlement(saleId)] : [])]
}

/** One way a stream may deliver a history: any order, some records again, cut into batches anywhere. */
export type Delivery = readonly (readonly SaleEvent[])[]

export function deliveries(events: readonly SaleEvent[]): fc.Arbitrary<Delivery> {
  const indexes = events.map((_event, at) => at)
  return fc
    .tuple(
      fc.shuffledSubarray(indexes, { minLength: indexes.length }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }),
    )
    .map(([order, repeats, sizes]) => {
      const told = [...order]
      for (const [which, where] of repeats) {
        const again = order[which % order.length]
        if (again !== undefined) told.splice(where % (told.length + 1), 0, again)
      }
      const batches: SaleEvent[][] = []
      for (let at = 0, size = 0; at < told.length; at += sizes[(size - 1) % sizes.length] ?? 1) {
        size += 1
        batches.push(
          told.slice(at, at + (sizes[(size - 1) % sizes.length] ?? 1)).flatMap((index) => events[index] ?? []),
        )
      }
      return batches
    })
}

export const historyWithDeliveries = history.chain((events) =>
  fc.tuple(fc.constant(events), deliveries(events), deliveries(events)),
)
