import { listHookDeliveries as route } from '#shared/contracts/hooks.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfDeliveries } from './delivery-store.ts'
import { hookFor } from './look-after.ts'
import { deliveryView } from './views.ts'

const PAGE = 20

export const listHookDeliveries = http(route, async ({ params: { hookId }, query }, { caller }) => {
  await hookFor(caller, hookId)
  const { items, ...page } = await pageOfDeliveries(hookId, query.limit ?? PAGE, query.cursor)
  const wanted = query.state === undefined ? items : items.filter(({ state }) => state === query.state)
  return { ...page, items: wanted.map(deliveryView) }
})
