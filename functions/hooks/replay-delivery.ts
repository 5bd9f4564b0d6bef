import { replayHookDelivery as route } from '#shared/contracts/hooks.ts'
import { TEST_TYPE } from '#shared/contracts/hooks-events.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getDelivery, queueAgain } from './delivery-store.ts'
import { hookFor } from './look-after.ts'
import { deliveryView } from './views.ts'

const TRIES_MAX = 4

/** Queued already, it stays as it is: asking twice sends once. */
export const replayHookDelivery = http(route, async ({ params: { hookId, deliveryId } }, { caller, now }) => {
  const hook = await hookFor(caller, hookId)
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const delivery = await getDelivery(hookId, deliveryId)
    if (delivery === undefined) throw new Missing()
    if (delivery.type === TEST_TYPE) return refused('TEST_NOT_REPLAYED', '测试不用重发，请再点一次测试')
    if (hook.state !== 'on') return refused('HOOK_IS_OFF', '钩子停用了，请先启用')
    if (delivery.state === 'due') return deliveryView(delivery)
    await queueAgain(delivery, now)
  }
  throw new Busy()
})
