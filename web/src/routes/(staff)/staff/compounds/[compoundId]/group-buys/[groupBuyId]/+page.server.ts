import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { listDeliveries } from '#shared/contracts/deliveries.ts'
import { listCompoundShares, listUncollected } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { paperSpan } from '#web/lib/format/time.ts'
import { arrivalText, openingText, uncollectedText } from '#web/lib/group-chat/group-chat-text.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { Output } from '#shared/contracts/route.ts'
import type { PageServerLoad } from './$types'

/** Nothing where the list was cut: the count would be too small. */
function uncollectedOf({ groupBuyTitle, pickUpEndsAt, items, more }: Output<typeof listUncollected>) {
  const orderCount = items.reduce((sum, { orders }) => sum + orders.length, 0)
  return orderCount === 0 || more ? undefined : uncollectedText(groupBuyTitle, orderCount, pickUpEndsAt)
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [groupBuy, shares, compound, deliveries, uncollected] = await Promise.all([
    publicRead(getGroupBuy, { params: { groupBuyId } }),
    api(listCompoundShares, { params: { compoundId, groupBuyId }, query: { cursor } }, { token }),
    publicRead(getCompound, { params: { compoundId } }),
    api(listDeliveries, { params: { compoundId, groupBuyId } }, { token }),
    api(listUncollected, { params: { compoundId, groupBuyId } }, { token }),
  ])
  const { items, nextCursor } = dataOrError(shares, event)
  const points = compound.ok ? compound.data.pickUpPoints : []
  return {
    // What the page can do without: a text that cannot be made is not offered.
    chat: {
      opening:
        groupBuy.ok && ['scheduled', 'open'].includes(groupBuy.data.state)
          ? openingText(groupBuy.data, `${event.url.origin}/group-buys/${groupBuyId}`)
          : undefined,
      arrivals: (deliveries.ok && groupBuy.ok ? deliveries.data.items : [])
        .filter((delivery) => delivery.lines.some(({ arrivedPortions = 0 }) => arrivedPortions > 0))
        .map((delivery) => {
          const point = points.find(({ pickUpPointId }) => pickUpPointId === delivery.pickUpPointId)
          const { title, pickUpEndsAt } = groupBuy.ok ? groupBuy.data : { title: '', pickUpEndsAt: '' }
          const when = paperSpan(delivery.pickUpStartsAt, pickUpEndsAt, 'zh')
          const { pickUpPointId, pickUpPointName } = delivery
          return { pickUpPointId, pickUpPointName, text: arrivalText(title, delivery, point, when) }
        }),
      uncollected: uncollected.ok ? uncollectedOf(uncollected.data) : undefined,
    },
    compoundId,
    groupBuyId,
    compoundName: compound.ok ? compound.data.name : undefined,
    title: groupBuy.ok ? groupBuy.data.title : groupBuyId,
    shares: items,
    nextCursor,
    now: Date.now(),
  }
}
