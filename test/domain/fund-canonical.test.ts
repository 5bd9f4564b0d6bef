import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { genesisHash } from '#shared/domain/fund/head.ts'
import { sha256 } from './fund-story.ts'

const canonical: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      tie('value'),
      { maxKeys: 6 },
    ),
  ),
})).value

describe('the canonical form', () => {
  it('is that of the independent RFC 8785 library for every restricted value', () => {
    fc.assert(
      fc.property(canonical, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value))
      }),
      { numRuns: 500 },
    )
  })

  it('orders keys by UTF-16 code unit, as the example of RFC 8785 section 3.2.3', () => {
    const example = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const values = [...canonicalJson(example).matchAll(/:"([^"]*)"/g)].map((match) => match[1])
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it('escapes strings as the example of RFC 8785 section 3.2.2', () => {
    expect(canonicalJson({ string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/' })).toBe(
      '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it.each([1.5, Number.NaN, 2 ** 53, -0, true, null, undefined, '\ud800'])('refuses %s', (value) => {
    expect(() => canonicalJson({ value: [value] })).toThrow()
  })

  it('leaves out keys without a value', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  })

  it('is hashed with SHA-256 in lower-case hex (FIPS 180-4, "abc"), and a chain starts at the hash of the fund id', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(genesisHash('abc', sha256)).toBe(sha256('abc'))
  })
})
