import type { CashSums } from '#shared/kernel/cash-book.ts'

/** In the order of a cash book: what comes in and goes out at the desk first. */
const order = ['takenFen', 'handedBackFen', 'broughtInFen', 'overShortFen', 'bankedFen'] as const

export function cashSums(sums: CashSums): readonly (readonly [(typeof order)[number], number])[] {
  return order.map((name) => [name, sums[name]] as const)
}
