import { type Fen, fen } from '../../kernel/money.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import { underweightFen } from './less-goods.ts'

export type WeighableLine = OwedLine & {
  readonly weighed?: true | undefined
  readonly portionGrams?: number | undefined
  readonly grams?: number | undefined
}

/** Three times what was paid for is no vegetable but a slip of the finger. */
const TOO_HEAVY = 3

/** A weighed line with something to weigh, and what it costs; nothing for any other line. */
export function weighable(line: WeighableLine) {
  const { weighed, portionGrams, grams } = line
  const portions = portionsOwed(line)
  if (weighed !== true || portionGrams === undefined || portions === 0) return undefined
  const amountFen = fen(line.amountFen - line.refundedFen)
  const refundFen: Fen = grams === undefined ? fen(0) : underweightFen({ ...line, portionGrams }, grams)
  const nominalGrams = portions * portionGrams
  return { portions, nominalGrams, gramsMax: TOO_HEAVY * nominalGrams, amountFen, refundFen }
}
