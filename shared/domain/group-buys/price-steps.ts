import type { PriceStep } from '../../contracts/group-buys.ts'
import { type Fen, fen } from '../../kernel/money.ts'

type Priced = { readonly priceFen: Fen; readonly stock: number; readonly priceSteps?: readonly PriceStep[] | undefined }

/** What is wrong with an offer's steps, as a sentence; nothing when each takes more portions and costs less. */
export function priceStepsFault({ priceFen, stock, priceSteps = [] }: Priced): string | undefined {
  let before = { fromPortions: 1, priceFen: Number(priceFen) }
  for (const step of priceSteps) {
    if (step.fromPortions <= before.fromPortions) return '每一档的份数要比前一档多'
    if (step.priceFen >= before.priceFen) return '每一档的价格要比前一档低'
    if (step.fromPortions > stock) return '份数超过了库存，永远到不了这一档'
    before = step
  }
  return undefined
}

/** The price of every portion when so many are sold: that of the last step reached. */
export function priceAt({ priceFen, priceSteps = [] }: Omit<Priced, 'stock'>, portions: number): Fen {
  const reached = priceSteps.filter((step) => portions >= step.fromPortions).at(-1)
  return reached === undefined ? priceFen : fen(reached.priceFen)
}

/** The step that comes next, and how many portions are missing. */
export function nextPriceStep(priceSteps: readonly PriceStep[], portions: number) {
  const next = priceSteps.find((step) => portions < step.fromPortions)
  return next === undefined ? undefined : { priceFen: next.priceFen, missing: next.fromPortions - portions }
}

/**
 * What a buyer gets back because the price fell after they paid. What was refunded before keeps its share: the rest of the
 * line is priced anew, in proportion, and rounded down to whole fen, in the buyer's favour. Never negative: a line costs no
 * more at the end than was paid.
 */
export function priceDifferenceFen(
  line: { readonly amountFen: Fen; readonly refundedFen: number; readonly unitPriceFen: Fen },
  finalPriceFen: Fen,
): Fen {
  if (finalPriceFen >= line.unitPriceFen) return fen(0)
  const kept = line.amountFen - line.refundedFen
  return fen(kept - Math.floor((kept * finalPriceFen) / line.unitPriceFen))
}
