import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { lineKey, type Basket, type BasketLine } from '../basket/codec.ts'
import type { Offer } from '../shop/offer.ts'
import { api } from './api.ts'

/** Why a line cannot be ordered as it stands; the codes of the order's own refusals. */
export type LineTrouble =
  'UNKNOWN_OFFER' | 'GROUP_BUY_CLOSED' | 'GROUP_BUY_NOT_OPEN' | 'OFFER_SOLD_OUT' | 'LIMIT_REACHED' | 'NOT_YOUR_COMPOUND'

export type BasketViewLine = BasketLine & {
  readonly key: string
  readonly offer: Offer | undefined
  readonly amountFen: number
  readonly trouble: LineTrouble | undefined
}
export type BasketGroup = {
  readonly groupBuyId: string
  readonly title: string | undefined
  readonly coopName: string | undefined
  readonly coopLicence: string | undefined
  readonly villageId: string | undefined
  readonly villageName: string | undefined
  readonly pickUpStartsAt: string | undefined
  readonly pickUpEndsAt: string | undefined
  readonly lines: readonly BasketViewLine[]
}

type Found = Awaited<ReturnType<typeof load>>

async function load(groupBuyId: string) {
  const answer = await api(getGroupBuy, { params: { groupBuyId } }, { token: undefined })
  if (!answer.ok && answer.status !== 404) return 'unknown' as const
  return answer.ok ? answer.data : undefined
}

function troubleOf(
  line: BasketLine,
  found: Found,
  offer: Offer | undefined,
  compoundId: string | undefined,
  now: number,
): LineTrouble | undefined {
  if (found === 'unknown') return undefined
  if (found === undefined || offer === undefined) return 'UNKNOWN_OFFER'
  if (compoundId !== undefined && !found.compoundIds.includes(compoundId)) return 'NOT_YOUR_COMPOUND'
  if (Date.parse(found.opensAt) > now) return 'GROUP_BUY_NOT_OPEN'
  if (found.state !== 'open' || Date.parse(found.closesAt) <= now) return 'GROUP_BUY_CLOSED'
  if (offer.left < line.quantity) return 'OFFER_SOLD_OUT'
  return line.quantity > offer.perHouseholdLimit ? 'LIMIT_REACHED' : undefined
}

/** The basket with today's prices and stock. A hint for the buyer: the order itself decides. */
export async function viewBasket(
  basket: Basket,
  compoundId: string | undefined,
  now: number,
): Promise<readonly BasketGroup[]> {
  const groups = [...Map.groupBy(basket, (line) => line.groupBuyId)]
  return Promise.all(
    groups.map(async ([groupBuyId, lines]) => {
      const found = await load(groupBuyId)
      const known = found === 'unknown' ? undefined : found
      return {
        groupBuyId,
        title: known?.title,
        coopName: known?.coopName,
        coopLicence: known?.coopLicence,
        villageId: known?.villageId,
        villageName: known?.villageName,
        pickUpStartsAt: known?.pickUpStartsAt,
        pickUpEndsAt: known?.pickUpEndsAt,
        lines: lines.map((line) => {
          const offer = known?.offers.find(({ offerId }) => offerId === line.offerId)
          return {
            ...line,
            key: lineKey(line),
            offer,
            amountFen: (offer?.priceFen ?? 0) * line.quantity,
            trouble: troubleOf(line, found, offer, compoundId, now),
          }
        }),
      }
    }),
  )
}
