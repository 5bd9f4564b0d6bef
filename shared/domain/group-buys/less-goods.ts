import { assert } from '../../kernel/assert.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { lessFen, type OwedLine, portionsOwed } from '../../kernel/owed.ts'

/**
 * What goes back for portions that did not come: their part of what the line costs by now.
 */
export function shortageFen(line: OwedLine, short: number): Fen {
  const owed = portionsOwed(line)
  assert(short >= 1 && short <= owed, 'only what is owed can be short')
  return lessFen(line, owed - short, owed)
}

/**
 * What goes back for a weighed line that weighs less than was paid for; nothing for more, which is the buyer's. The line
 * costs its price times the weight by the price of the nominal weight, rounded once and down to whole fen.
 */
export function underweightFen(line: OwedLine & { readonly portionGrams: number }, actualGrams: number): Fen {
  const nominalGrams = portionsOwed(line) * line.portionGrams
  assert(Number.isSafeInteger(actualGrams) && actualGrams >= 0, 'grams are whole and not negative')
  return actualGrams >= nominalGrams ? fen(0) : lessFen(line, actualGrams, nominalGrams)
}
