import { getHookDelivery as route } from '#shared/contracts/hooks.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getDelivery } from './delivery-store.ts'
import { hookFor } from './look-after.ts'
import { deliveryView } from './views.ts'

export const getHookDelivery = http(route, async ({ params: { hookId, deliveryId } }, { caller }) => {
  await hookFor(caller, hookId)
  const delivery = await getDelivery(hookId, deliveryId)
  if (delivery === undefined) throw new Missing()
  return deliveryView(delivery)
})
