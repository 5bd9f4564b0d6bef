import { describe, expect, it } from 'vitest'
import { compileFilters, compilePattern } from '../../cdk/local/filter-pattern.ts'

const insert = {
  eventName: 'INSERT',
  dynamodb: {
    NewImage: {
      entity: { S: 'event' },
      type: { S: 'sale.recorded.v1' },
      amount: { N: '120' },
      empty: { S: '' },
      nothing: { NULL: true },
      tags: { SS: ['red', 'green'] },
    },
    SizeBytes: 120,
  },
}

function image(rule: Record<string, unknown>): unknown {
  return { dynamodb: { NewImage: rule } }
}

describe('the filter of a stream mapping', () => {
  const table: [string, unknown, boolean][] = [
    ['equals', { eventName: ['INSERT'] }, true],
    ['equals another', { eventName: ['MODIFY'] }, false],
    ['equals one of several', { eventName: ['MODIFY', 'INSERT'] }, true],
    ['equals respects case', { eventName: ['insert'] }, false],
    ['equals-ignore-case', { eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
    ['a nested attribute', image({ entity: { S: ['event'] } }), true],
    ['a nested attribute of another type', image({ entity: { N: ['event'] } }), false],
    ['a missing attribute', image({ missing: { S: ['x'] } }), false],
    ['and over several fields', { eventName: ['INSERT'], ...(image({ entity: { S: ['event'] } }) as object) }, true],
    ['and, one of which fails', { eventName: ['REMOVE'], ...(image({ entity: { S: ['event'] } }) as object) }, false],
    ['prefix', image({ type: { S: [{ prefix: 'sale.' }] } }), true],
    ['prefix of something else', image({ type: { S: [{ prefix: 'order.' }] } }), false],
    ['suffix', image({ type: { S: [{ suffix: '.v1' }] } }), true],
    ['suffix of something else', image({ type: { S: [{ suffix: '.v2' }] } }), false],
    ['anything-but', image({ entity: { S: [{ 'anything-but': ['order', 'share'] }] } }), true],
    ['anything-but of the value itself', image({ entity: { S: [{ 'anything-but': ['event'] }] } }), false],
    ['anything-but needs the field', image({ missing: { S: [{ 'anything-but': ['x'] }] } }), false],
    ['exists', image({ type: { S: [{ exists: true }] } }), true],
    ['exists, of a missing one', image({ missing: { S: [{ exists: true }] } }), false],
    ['does not exist', image({ missing: { S: [{ exists: false }] } }), true],
    ['does not exist, of one that does', image({ type: { S: [{ exists: false }] } }), false],
    ['exists looks at leaves only', image({ type: [{ exists: true }] }), false],
    ['empty', image({ empty: { S: [''] } }), true],
    ['a boolean', image({ nothing: { NULL: [true] } }), true],
    ['numeric equals', { dynamodb: { SizeBytes: [{ numeric: ['=', 120] }] } }, true],
    ['numeric range', { dynamodb: { SizeBytes: [{ numeric: ['>', 100, '<=', 120] }] } }, true],
    ['numeric range, above', { dynamodb: { SizeBytes: [{ numeric: ['>=', 100, '<', 120] }] } }, false],
    [
      'numeric does not read DynamoDB numbers, which are text',
      image({ amount: { N: [{ numeric: ['>', 100] }] } }),
      false,
    ],
    ['a DynamoDB number as text', image({ amount: { N: ['120'] } }), true],
    ['a member of a set', image({ tags: { SS: ['green'] } }), true],
    ['no member of a set', image({ tags: { SS: ['blue'] } }), false],
    ['$or, first', { $or: [{ eventName: ['INSERT'] }, image({ entity: { S: ['x'] } })] }, true],
    ['$or, second', { $or: [{ eventName: ['REMOVE'] }, image({ entity: { S: ['event'] } })] }, true],
    ['$or, none', { $or: [{ eventName: ['REMOVE'] }, image({ entity: { S: ['x'] } })] }, false],
    ['$or inside an object', image({ $or: [{ entity: { S: ['x'] } }, { type: { S: [{ prefix: 'sale' }] } }] }), true],
    [
      '$or and another field',
      { $or: [{ eventName: ['INSERT'] }, { eventName: ['REMOVE'] }], dynamodb: { SizeBytes: [1] } },
      false,
    ],
    ['null is not absence', image({ missing: { S: [null] } }), false],
  ]
  it.each(table)('%s', (_name, pattern, expected) => {
    expect(compilePattern(pattern)(insert)).toBe(expected)
  })

  it('lets everything pass without filters, and what any one filter takes', () => {
    expect(compileFilters(undefined)(insert)).toBe(true)
    expect(compileFilters({ Filters: [] })(insert)).toBe(true)
    const filters = ['REMOVE', 'INSERT'].map((name) => ({ Pattern: JSON.stringify({ eventName: [name] }) }))
    expect(compileFilters({ Filters: filters })(insert)).toBe(true)
    expect(compileFilters({ Filters: filters.slice(0, 1) })(insert)).toBe(false)
  })

  const refused: [string, unknown][] = [
    ['a comparison that Lambda does not have', { a: [{ cidr: '10.0.0.0/8' }] }],
    ['wildcard', { a: [{ wildcard: 'x*' }] }],
    ['a bare value', { a: 'x' }],
    ['an empty list', { a: [] }],
    ['numeric without a number', { a: [{ numeric: ['>', '1'] }] }],
    ['$or with one option', { $or: [{ a: ['x'] }] }],
    ['anything-but with a prefix', { a: [{ 'anything-but': { prefix: 'x' } }] }],
  ]
  it.each(refused)('refuses %s', (_name, pattern) => {
    expect(() => compilePattern(pattern)).toThrow('filter')
  })
})
