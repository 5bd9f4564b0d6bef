import { assert } from '#shared/kernel/assert.ts'

const WHOLE = 10_000n

/**
 * The lower bound of Wilson's score interval for `hits` of `of`, in basis points rounded down; exact, in whole numbers.
 * With z = a/100, k hits of n, and both sides of the textbook's fraction times 20,000 n:
 *
 *   (20000 n k + a² n − a √(n (40000 k (n − k) + a² n))) / (20000 n² + 2 a² n)
 *
 * The root is taken of a whole number and rounded up, so that the bound is never told too high. Of nothing it is 0.
 */
export function wilsonLower(hits: number, of: number, zHundredths: number): number {
  assert(Number.isSafeInteger(hits) && Number.isSafeInteger(of) && hits >= 0 && hits <= of, 'some of a number')
  assert(Number.isSafeInteger(zHundredths) && zHundredths > 0, 'z is a number of hundredths')
  if (of === 0) return 0
  const [k, n, a] = [BigInt(hits), BigInt(of), BigInt(zHundredths)]
  const square = n * (40_000n * k * (n - k) + a * a * n)
  const root = rootUp(WHOLE * WHOLE * a * a * square)
  return Number((WHOLE * (20_000n * n * k + a * a * n) - root) / (20_000n * n * n + 2n * a * a * n))
}

/** The upper bound, rounded up: what the lower bound of the misses leaves. */
export function wilsonUpper(hits: number, of: number, zHundredths: number): number {
  return Number(WHOLE) - wilsonLower(of - hits, of, zHundredths)
}

/** The smallest whole number whose square is no less. */
function rootUp(square: bigint): bigint {
  if (square < 2n) return square
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2))
  // Newton from above: falls until it is the root rounded down.
  for (let next = (root + square / root) / 2n; next < root; next = (root + square / root) / 2n) root = next
  return root * root === square ? root : root + 1n
}
