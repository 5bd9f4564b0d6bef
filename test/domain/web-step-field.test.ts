import { describe, expect, it } from 'vitest'
import { stepField, stepsShown } from '#web/lib/coop/step-field.ts'

describe('the fields of price steps', () => {
  it('have a name each, the first without a number', () => {
    expect([0, 1, 4].map((at) => stepField('stepFrom', 'l-1', at))).toEqual([
      'stepFrom:l-1',
      'stepFrom:l-1:2',
      'stepFrom:l-1:5',
    ])
  })

  it.each([
    ['a new form', {}, 1],
    ['one step', { 'stepFrom:l-1': '10' }, 1],
    ['three steps, the second left empty', { 'stepFrom:l-1': '10', 'stepFrom:l-1:2': '', 'stepFrom:l-1:3': '30' }, 3],
    ['steps of another listing', { 'stepFrom:l-10:2': '10' }, 1],
  ])('are as many as %s gave, and one at least', (_what, typed, shown) => {
    expect(stepsShown(typed, 'l-1')).toBe(shown)
  })
})
