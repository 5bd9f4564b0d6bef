import { receiveWebhook as receiveWebhookRoute } from '#shared/contracts/payments.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import type { ProviderRefund, Webhook } from '#functions/platform/payments/port.ts'
import { readWebhook } from '#functions/platform/payments/stripe.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { refundItem } from '#functions/platform/table/items/orders.ts'
import { get, transact } from '#functions/platform/table/table.ts'
import { keepDispute, endDispute } from './disputes.ts'
import { applyPayment, newsWrite } from './payment-store.ts'
import { keepParkedRefund } from './parked-store.ts'
import { keepProviderRefund } from './refund-store.ts'

const BODY_BYTES_MAX = 256 * 1024

/** The provider's message is the truth about money, never the browser's return. 2xx once its effect is durable here. */
export const receiveWebhook = openHttp(
  receiveWebhookRoute,
  async (_input, { rawBody, headers, now }) => {
    const webhook = await readWebhook(rawBody, headers['stripe-signature'])
    if (webhook === undefined) return refused('BAD_SIGNATURE', 'signature missing, wrong or too old')
    return { received: true as const, outcome: await apply(webhook, now) }
  },
  { raw: true, bodyBytesMax: BODY_BYTES_MAX },
)

async function apply(webhook: Webhook, at: Instant): Promise<'applied' | 'repeated' | 'parked' | 'noted'> {
  const { fact } = webhook
  switch (fact.kind) {
    case 'paid':
      return applyPayment(fact.payment, webhook, at)
    case 'refund':
      return applyRefundNews(fact.refund, at)
    case 'disputed':
      return keepDispute(fact.dispute, at)
    case 'dispute-ended':
      return endDispute(fact.dispute, fact.outcome, at)
    case 'nothing': {
      const result = await transact([newsWrite(webhook, 'noted', at)])
      return result.kind === 'done' ? 'noted' : 'repeated'
    }
  }
}

// What a refund became is written onto the refund itself under a condition that only moves forward, so a repeated or late
// message needs no memory of its own.
async function applyRefundNews(said: ProviderRefund, at: Instant): Promise<'applied' | 'noted'> {
  if (said.refundId === undefined) return 'noted'
  if (said.orderId === undefined) return (await keepParkedRefund(said)) ? 'applied' : 'noted'
  const refund = await get(refundItem, keys.refund(said.orderId, said.refundId))
  if (refund === undefined) return 'noted'
  await keepProviderRefund(refund, said, at)
  return 'applied'
}
