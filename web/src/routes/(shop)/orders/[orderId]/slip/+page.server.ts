import { getOrder } from '#shared/contracts/orders.ts'
import { pickUpsOf } from '#shared/domain/orders/same-pick-up.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { qrPath } from '#web/lib/server/qr.ts'
import type { PageServerLoad } from './$types'

/** What somebody takes along who has no phone, or no eyes for a small one. For the household and the workers who see the order. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const { orderId, state, amountFen, refundedFen, householdLabel, compoundName, pickUpPoint, pickUpCode, placedBy } =
    order
  const alive = order.shares.filter((share) => share.state !== 'failed' && share.state !== 'refunded')
  return {
    now: Date.now(),
    size: event.url.searchParams.get('size') === 'a5' ? ('a5' as const) : ('a4' as const),
    order: { orderId, state, amountFen, refundedFen, householdLabel, compoundName, pickUpPoint, pickUpCode, placedBy },
    pickUps: pickUpsOf({ ...order, shares: alive }).map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
    goods: alive
      .flatMap(({ lines }) => lines)
      .map((line) => ({ name: line.name, unitLabel: line.unitLabel, portions: portionsOwed(line) }))
      .filter(({ portions }) => portions > 0),
    qr: pickUpCode === undefined ? undefined : qrPath(`${event.url.origin}/staff/orders/${orderId}?code=${pickUpCode}`),
  }
}
