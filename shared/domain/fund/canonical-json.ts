import { assert } from '#shared/kernel/assert.ts'

/** What may be hashed: RFC 8785 restricted to strings, safe integers, arrays and objects. */
export type Canonical = string | number | readonly Canonical[] | { readonly [key: string]: Canonical }

/**
 * RFC 8785 (JSON Canonicalization Scheme) of a value without fractions, exponents, booleans and null: keys by UTF-16 code
 * unit, no white space, strings as `JSON.stringify` writes them. The restriction keeps out the one hard part of the
 * scheme, number formatting, so that a verifier in any language needs no more than whole numbers.
 * Keys whose value is `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value) && !Object.is(value, -0), `a canonical number is a safe integer: ${value}`)
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  assert(isPlainObject(value), `not canonical: ${typeof value}`)
  let members = ''
  // The default order of `sort` is by UTF-16 code unit, which is the order that the RFC asks for.
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

/** Each value on a line of its own, ended by a line feed: the bytes that published files are hashed by. */
export function canonicalLines(values: readonly unknown[]): string {
  return values.map((value) => `${canonicalJson(value)}\n`).join('')
}

/** Nearly every string of a ledger is of these characters alone and is written as it is. */
const PLAIN = /^[\w .:+-]*$/

function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  assert(text.isWellFormed(), 'a canonical string has no lone surrogate')
  return JSON.stringify(text)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
