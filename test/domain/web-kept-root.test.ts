import { expect, it } from 'vitest'
import { readKept } from '#web/lib/funds/kept-root.ts'

it.each([
  ['de089bce c1594d09', 'de089bcec1594d09'],
  [' DE089BCE\tC1594D09 ', 'de089bcec1594d09'],
  ['ｄｅ089bcec1594d09', 'de089bcec1594d09'],
  ['de089bcec1594d09…', 'de089bcec1594d09'],
  ['de089bcec1594d0', undefined],
  ['xyz', undefined],
  ['', undefined],
  ['a'.repeat(65), undefined],
])('what somebody kept of a root, %j, is read as %j', (typed, kept) => {
  expect(readKept(typed)).toBe(kept)
})
