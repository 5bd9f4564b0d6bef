import { roomOf } from '../places/room-of.ts'

/** What fits on a label in a type that can still be read at arm's length. */
export const LINES_PER_LABEL = 6

type Line = { readonly offerId: string; readonly name: string; readonly unitLabel: string; readonly portions: number }
type Sheet = {
  readonly compoundName: string
  readonly households: readonly {
    readonly householdLabel: string
    readonly orders: readonly {
      readonly orderId: string
      readonly pickUpCode: string
      readonly pickUpPointName: string
      readonly lines: readonly Line[]
    }[]
  }[]
}

export type Label = {
  readonly key: string
  readonly pickUpCode: string
  readonly room: string
  readonly pickUpPointName: string
  readonly lines: readonly Line[]
  /** Of the whole bag. */
  readonly portions: number
  /** Which label of the bag's how many. */
  readonly part: number
  readonly parts: number
}

/** One label a bag, in the order of the roll; goods that do not fit go on to a second one, so that nothing is left off. */
export function labelsOf({ compoundName, households }: Sheet): Label[] {
  return households.flatMap(({ householdLabel, orders }) =>
    orders.flatMap(({ orderId, pickUpCode, pickUpPointName, lines }) => {
      const parts = Math.max(1, Math.ceil(lines.length / LINES_PER_LABEL))
      return Array.from({ length: parts }, (_, at) => ({
        ...{ key: `${orderId} ${at}`, pickUpCode, pickUpPointName, room: roomOf(householdLabel, compoundName) },
        lines: lines.slice(at * LINES_PER_LABEL, (at + 1) * LINES_PER_LABEL),
        portions: lines.reduce((sum, line) => sum + line.portions, 0),
        ...{ part: at + 1, parts },
      }))
    }),
  )
}
