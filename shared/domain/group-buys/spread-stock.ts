import { assert } from '#shared/kernel/assert.ts'

/** Cuts a stock into buckets that differ by one portion at most and add up exactly. */
export function spreadStock(stock: number, buckets: number): number[] {
  assert(Number.isSafeInteger(stock) && stock >= 0, `stock is whole and not negative: ${stock}`)
  assert(Number.isSafeInteger(buckets) && buckets >= 1, `there is at least one bucket: ${buckets}`)
  const each = Math.floor(stock / buckets)
  const rest = stock - each * buckets
  return Array.from({ length: buckets }, (_, at) => each + (at < rest ? 1 : 0))
}
