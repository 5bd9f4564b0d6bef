import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BASKET_GROUP_BUYS_MAX,
  BASKET_LINES_MAX,
  addToBasket,
  countOf,
  lineKey,
  readBasket,
  setLine,
  writeBasket,
  type Basket,
} from '#web/lib/basket/codec.ts'

const id = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$/)
const line = fc.record({ groupBuyId: id, offerId: id, quantity: fc.integer({ min: 1, max: 999 }) })

function filled(lines: readonly { groupBuyId: string; offerId: string; quantity: number }[]): Basket {
  return lines.reduce<Basket>((basket, each) => {
    const change = setLine(basket, each)
    return change.kind === 'changed' ? change.basket : basket
  }, [])
}

const byKey = (basket: Basket) => [...basket].sort((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1))

describe('the basket in its cookie', () => {
  it('comes back as it was put in', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const basket = filled(lines)
        expect(byKey(readBasket(writeBasket(basket)))).toEqual(byKey(basket))
      }),
    )
  })

  it('fits a cookie at its fullest, unescaped', () => {
    const long = (start: string) => start.padEnd(64, 'x')
    const basket = filled(
      Array.from({ length: 40 }, (_each, index) => ({
        groupBuyId: long(`g${index % 10}`),
        offerId: long(`o${index}`),
        quantity: 999,
      })),
    )
    const text = writeBasket(basket)
    expect(basket).toHaveLength(BASKET_LINES_MAX)
    expect(encodeURIComponent(text)).toBe(text)
    expect(text.length).toBeLessThan(3_800)
  })

  it('survives whatever a browser sends', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `1~${text}`),
        ),
        (text) => {
          const basket = readBasket(text)
          expect(basket.length).toBeLessThanOrEqual(BASKET_LINES_MAX)
          expect(readBasket(writeBasket(basket))).toEqual(basket)
        },
      ),
    )
  })

  it('leaves out lines that do not parse and a second line of an offer', () => {
    expect(readBasket('1~gb-1!o1*2!o1*9!o2*0!o3*1000!O4*1!o5*1*1!o6*-1!o7*1')).toEqual([
      { groupBuyId: 'gb-1', offerId: 'o1', quantity: 2 },
      { groupBuyId: 'gb-1', offerId: 'o7', quantity: 1 },
    ])
    expect(readBasket('2~gb-1!o1*2')).toEqual([])
    expect(readBasket(undefined)).toEqual([])
  })

  it('keeps the caps of an order also for a cookie that somebody wrote by hand', () => {
    const cookie = (groupBuys: number) =>
      `1~${Array.from({ length: 50 }, (_each, index) => `gb-${index % groupBuys}!o${index}*1`).join('~')}`
    expect(readBasket(cookie(3))).toHaveLength(BASKET_LINES_MAX)
    const many = readBasket(cookie(50))
    expect(new Set(many.map((each) => each.groupBuyId)).size).toBe(BASKET_GROUP_BUYS_MAX)
  })
})

describe('changing the basket', () => {
  const tomato = { groupBuyId: 'gb-1', offerId: 'o1', quantity: 2 }

  it('adds to what is there', () => {
    const change = addToBasket([tomato], { ...tomato, quantity: 3 })
    expect(change).toEqual({ kind: 'changed', basket: [{ ...tomato, quantity: 5 }] })
    expect(countOf([{ ...tomato, quantity: 5 }])).toBe(5)
  })

  it('tells the same offer id of two group buys apart', () => {
    const change = addToBasket([tomato], { ...tomato, groupBuyId: 'gb-2' })
    expect(change.kind === 'changed' && change.basket).toHaveLength(2)
  })

  it('takes a line out at quantity 0', () => {
    expect(setLine([tomato], { ...tomato, quantity: 0 })).toEqual({ kind: 'changed', basket: [] })
  })

  it('refuses the 31st line, the 11th group buy and the 1000th portion', () => {
    const lines = Array.from({ length: 30 }, (_each, index) => ({ ...tomato, offerId: `o${index}` }))
    expect(setLine(lines, { ...tomato, offerId: 'new' })).toMatchObject({ kind: 'refused', why: 'TOO_MANY_LINES' })
    const groupBuys = Array.from({ length: 10 }, (_each, index) => ({ ...tomato, groupBuyId: `gb-${index}` }))
    const eleventh = setLine(groupBuys, { ...tomato, groupBuyId: 'gb-x' })
    expect(eleventh).toMatchObject({ kind: 'refused', why: 'TOO_MANY_GROUP_BUYS' })
    const thousand = addToBasket([{ ...tomato, quantity: 999 }], { ...tomato, quantity: 1 })
    expect(thousand).toMatchObject({ kind: 'refused', why: 'QUANTITY_TOO_LARGE' })
  })
})
