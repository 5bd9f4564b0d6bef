import type { getOrder } from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { moneyForPortions, portionsToGive } from '#shared/domain/payments/give-back.ts'
import { fen } from '#shared/kernel/money.ts'

export type Order = Output<typeof getOrder>

/** A line of which portions can still be given back. */
export type GivableLine = {
  readonly saleId: string
  readonly lineId: string
  readonly name: string
  readonly picture: string
  readonly unitLabel: string
  readonly groupBuyTitle: string
  readonly closesAt: string
  readonly left: number
  readonly unitPriceFen: number
}

/** What a page may offer; whether it is still time is decided once more when the wish is carried out. */
export function givableLines(order: Order): readonly GivableLine[] {
  if (order.state !== 'paid') return []
  return order.shares.flatMap(({ saleId, groupBuyTitle, groupBuy, lines }) => {
    if (groupBuy?.state !== 'open') return []
    return lines
      .map(({ lineId, name, picture, unitLabel, unitPriceFen, ...line }) => {
        const { closesAt } = groupBuy
        const left = portionsToGive(line)
        return { saleId, lineId, name, picture, unitLabel, groupBuyTitle, closesAt, left, unitPriceFen }
      })
      .filter(({ left }) => left > 0)
  })
}

export type Chosen = GivableLine & { readonly portions: number; readonly amountFen: number }

/** What is chosen in the page's address (`n.<line>=<portions>`, or `all`), with the money that comes back for it. */
export function chosenLines(order: Order, givable: readonly GivableLine[], query: URLSearchParams): readonly Chosen[] {
  return givable.flatMap((line) => {
    const wanted = query.has('all') ? line.left : Math.trunc(Number(query.get(`n.${line.lineId}`) ?? '0')) || 0
    const portions = Math.min(Math.max(0, wanted), line.left)
    const bought = order.shares.flatMap((share) => share.lines).find((each) => each.lineId === line.lineId)
    if (portions === 0 || bought === undefined) return []
    const owed = { ...bought, amountFen: fen(bought.amountFen), refundedFen: bought.refundedFen }
    return [{ ...line, portions, amountFen: moneyForPortions(owed, portions) }]
  })
}
