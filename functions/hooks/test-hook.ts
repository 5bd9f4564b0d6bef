import { randomBytes } from 'node:crypto'
import { testHook as route } from '#shared/contracts/hooks.ts'
import { deliveryIdOf } from '#shared/domain/hooks/delivery.ts'
import { bodyIn } from '#shared/domain/hooks/envelope.ts'
import { testNews } from '#shared/domain/hooks/news.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { attempt } from './attempt.ts'
import { createDelivery, getDelivery } from './delivery-store.ts'
import { takeTest } from './hook-store.ts'
import { hookFor } from './look-after.ts'
import { deliveryView } from './views.ts'

/** Somebody waits for it, on a page that itself waits ten seconds. */
const TEST_MS = 6_000
const PAUSE_MS = 3_000

export const testHook = http(route, async ({ params: { hookId } }, { caller, now }) => {
  const { envelope } = await hookFor(caller, hookId)
  if (!(await takeTest(hookId, now, PAUSE_MS))) return refused('JUST_TESTED', '刚刚测试过，请等几秒再试')
  const webhookId = `msg_${randomBytes(16).toString('hex')}`
  const deliveryId = deliveryIdOf(now, webhookId)
  const news = testNews(hookId, webhookId, now)
  const { type, timestamp } = news
  const payload = bodyIn(envelope, news, webhookId, env('PUBLIC_ORIGIN'))
  const wanted = { hookId, deliveryId, webhookId, type, timestamp, envelope, payload }
  const created = await createDelivery(wanted, 'due', now, true)
  if (created === undefined) throw new Busy()
  const { delivery } = await attempt(created, created.tries + 1, TEST_MS)
  return deliveryView(delivery ?? (await getDelivery(hookId, deliveryId)) ?? created)
})
