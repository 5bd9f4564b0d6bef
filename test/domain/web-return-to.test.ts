import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { returnTo } from '#web/lib/return-to.ts'

const here = 'https://shop.example'

describe('where signing in leads back to', () => {
  it('is a path of this site with its query', () => {
    for (const path of ['/', '/basket', '/orders/3f?x=1', '/funds/c-1?sale=s.1#entries'])
      expect(returnTo(path)).toBe(path)
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '//evil.example/basket',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'basket',
    '/sign-in?returnTo=/basket',
    '/sign-out',
    `/${'x'.repeat(600)}`,
    '',
  ])('is never %s', (text) => {
    expect(returnTo(text)).toBe('/')
  })

  it('never leaves this origin, whatever is asked', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '@',
      ':',
      '\t',
      '%2f',
      'evil.example',
      'https:',
      '?',
      '#',
      'a',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const target = new URL(returnTo(parts.join('')), here)
        expect(target.origin).toBe(here)
      }),
      { numRuns: 2_000 },
    )
  })

  it('falls back to what the page says', () => {
    expect(returnTo(null, '/shop')).toBe('/shop')
  })
})
