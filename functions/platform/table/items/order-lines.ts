import * as z from 'zod'
import { orderLineSchema } from '#shared/contracts/orders.ts'
import { idSchema, lineIdOf } from '#shared/kernel/ids.ts'
import { addFen, timesFen } from '#shared/kernel/money.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/**
 * What was bought, as it was bought: written once and never changed. Stored is only what cannot be computed, so that an
 * ordinary order fits the kilobyte that one unit of writing holds: amounts follow from prices, ids of lines from places,
 * and a line that does not say otherwise took all of its stock from the first bucket.
 */
const takenSchema = z.array(z.object({ n: z.int(), quantity: z.int().min(1) })).min(1)

const storedLine = orderLineSchema
  .omit({ lineId: true, amountFen: true, refundedFen: true })
  .extend({ taken: takenSchema.optional() })
  .strip()

const storedShare = z.object({
  saleId: z.string(),
  groupBuyId: idSchema,
  groupBuyTitle: z.string(),
  coopId: idSchema,
  coopName: z.string(),
  villageId: idSchema,
  villageName: z.string(),
  rateBps: z.int(),
  agreementId: idSchema.optional(),
  agreementVersion: z.int().optional(),
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  lines: z.array(storedLine).min(1),
})

const storedLines = stored('orderLines', {
  compoundName: z.string(),
  householdLabel: z.string(),
  pickUpPoint: z.object({
    pickUpPointId: idSchema,
    name: z.string(),
    address: z.string(),
    hours: z.string(),
    contact: z.string(),
  }),
  shares: z.array(storedShare).min(1),
})

const ORDER_PK = 'ORDER#'

export const orderLinesItem = storedLines
  .extend({ PK: z.string().startsWith(ORDER_PK) })
  .transform(({ PK, shares, ...rest }) => ({
    ...rest,
    orderId: PK.slice(ORDER_PK.length),
    shares: shares.map(wholeShare),
  }))
export type OrderLinesItem = z.output<typeof orderLinesItem>
export type SnapshotShare = OrderLinesItem['shares'][number]

function wholeShare(share: z.output<typeof storedShare>, at: number) {
  const lines = share.lines.map(({ taken, ...line }, n) => ({
    ...line,
    lineId: lineIdOf(at, n),
    amountFen: timesFen(line.unitPriceFen, line.quantity),
    /** The buckets the stock was taken from, to which a release gives it back. */
    taken: taken ?? [{ n: 0, quantity: line.quantity }],
  }))
  return { ...share, lines, amountFen: addFen(...lines.map((line) => line.amountFen)) }
}

/** What is written of an order's lines; reading it gives `lines` again. */
export function storeLines({ orderId: _inKey, ...lines }: OrderLinesItem): z.output<typeof storedLines> {
  return storedLines.parse({
    ...lines,
    shares: lines.shares.map((share) => ({
      ...share,
      lines: share.lines.map(({ taken, ...line }) => {
        const [first, second] = taken
        return first?.n === 0 && second === undefined ? line : { ...line, taken }
      }),
    })),
  })
}
