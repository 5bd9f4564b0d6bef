import { assert } from '../../kernel/assert.ts'

/** What one bucket can give. */
export type BucketLeft = { readonly n: number; readonly available: number }
export type Take = { readonly n: number; readonly quantity: number }

/**
 * Splits a quantity over buckets, fullest first so that as few as possible are touched. `undefined` only when all of them
 * together are short.
 */
export function splitOverBuckets(quantity: number, buckets: readonly BucketLeft[]): readonly Take[] | undefined {
  const takes: Take[] = []
  let missing = quantity
  for (const bucket of [...buckets].sort((a, b) => b.available - a.available || a.n - b.n)) {
    if (missing === 0) break
    const given = Math.min(bucket.available, missing)
    if (given <= 0) continue
    takes.push({ n: bucket.n, quantity: given })
    missing -= given
  }
  return missing === 0 ? takes : undefined
}

/**
 * Where portions of a line go back to: the very buckets they were taken from, in their order, `before` of them being back
 * already.
 */
export function returnToBuckets(taken: readonly Take[], before: number, quantity: number): readonly Take[] {
  const returned: Take[] = []
  let skip = before
  let missing = quantity
  for (const { n, quantity: took } of taken) {
    const there = took - Math.min(skip, took)
    skip -= took - there
    const back = Math.min(there, missing)
    if (back === 0) continue
    returned.push({ n, quantity: back })
    missing -= back
  }
  assert(missing === 0, 'no more goes back than was taken')
  return returned
}
