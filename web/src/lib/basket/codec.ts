/**
 * The basket lives in a cookie, so that it works without JavaScript, signed out, and costs the server nothing. Lines are
 * grouped by group buy to stay small: `1~<group buy>!<offer>*<quantity>!<offer>*<quantity>~<group buy>…`. Ids never hold
 * `~ ! *`, and a cookie carries those three without escaping. 30 lines of the longest ids take 2.8 KB of the 4 KB.
 */
export type BasketLine = { readonly groupBuyId: string; readonly offerId: string; readonly quantity: number }
export type Basket = readonly BasketLine[]

export const BASKET_LINES_MAX = 30
export const BASKET_GROUP_BUYS_MAX = 10
export const BASKET_QUANTITY_MAX = 999

const idPattern = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/

/** An offer's id is unique within its group buy only. */
export function lineKey(line: Pick<BasketLine, 'groupBuyId' | 'offerId'>): string {
  return `${line.groupBuyId}/${line.offerId}`
}

function readLine(groupBuyId: string, text: string): BasketLine | undefined {
  const [offerId = '', digits = '', ...rest] = text.split('*')
  const quantity = /^[1-9]\d{0,2}$/.test(digits) ? Number(digits) : 0
  if (rest.length > 0 || quantity === 0 || !idPattern.test(offerId)) return undefined
  return { groupBuyId, offerId, quantity }
}

/** Whatever the cookie holds: lines that do not parse are left out, a second line of an offer too, and the caps hold. */
export function readBasket(text: string | undefined): Basket {
  if (text === undefined || !text.startsWith('1~')) return []
  const lines = new Map<string, BasketLine>()
  const groupBuys = new Set<string>()
  for (const group of text.slice(2).split('~')) {
    const [groupBuyId = '', ...parts] = group.split('!')
    if (!idPattern.test(groupBuyId)) continue
    for (const part of parts) {
      const line = readLine(groupBuyId, part)
      if (!line || lines.has(lineKey(line)) || lines.size >= BASKET_LINES_MAX) continue
      if (!groupBuys.has(groupBuyId) && groupBuys.size >= BASKET_GROUP_BUYS_MAX) continue
      groupBuys.add(groupBuyId)
      lines.set(lineKey(line), line)
    }
  }
  return [...lines.values()]
}

export function writeBasket(basket: Basket): string {
  const groups = Map.groupBy(basket, (line) => line.groupBuyId)
  const parts = [...groups].map(([groupBuyId, lines]) =>
    [groupBuyId, ...lines.map((line) => `${line.offerId}*${line.quantity}`)].join('!'),
  )
  return ['1', ...parts].join('~')
}

export type BasketChange =
  | { readonly kind: 'changed'; readonly basket: Basket }
  | { readonly kind: 'refused'; readonly why: 'TOO_MANY_LINES' | 'TOO_MANY_GROUP_BUYS' | 'QUANTITY_TOO_LARGE' }

/** Sets an offer's quantity; 0 takes it out. The caps are those of an order, so a full basket can always be ordered. */
export function setLine(basket: Basket, line: BasketLine): BasketChange {
  const key = lineKey(line)
  const others = basket.filter((other) => lineKey(other) !== key)
  if (line.quantity <= 0) return { kind: 'changed', basket: others }
  if (line.quantity > BASKET_QUANTITY_MAX) return { kind: 'refused', why: 'QUANTITY_TOO_LARGE' }
  const known = basket.some((other) => lineKey(other) === key)
  if (!known && basket.length >= BASKET_LINES_MAX) return { kind: 'refused', why: 'TOO_MANY_LINES' }
  const groupBuys = new Set([...others, line].map((each) => each.groupBuyId))
  if (groupBuys.size > BASKET_GROUP_BUYS_MAX) return { kind: 'refused', why: 'TOO_MANY_GROUP_BUYS' }
  if (!known) return { kind: 'changed', basket: [...basket, line] }
  return { kind: 'changed', basket: basket.map((other) => (lineKey(other) === key ? line : other)) }
}

/** Adds to what is already in the basket. */
export function addToBasket(basket: Basket, line: BasketLine): BasketChange {
  const already = basket.find((other) => lineKey(other) === lineKey(line))?.quantity ?? 0
  return setLine(basket, { ...line, quantity: already + line.quantity })
}

export function countOf(basket: Basket): number {
  return basket.reduce((sum, line) => sum + line.quantity, 0)
}
