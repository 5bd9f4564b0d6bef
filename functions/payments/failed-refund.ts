import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { type Instant, MINUTE_MS, toMs } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { log } from '#functions/platform/log.ts'
import type { PaymentPort, ProviderRefund } from '#functions/platform/payments/port.ts'
import { type ParkedItem, parkedItem, type RefundItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { failedRefundId } from '#functions/platform/table/parked-id.ts'
import { get, transact, type Write } from '#functions/platform/table/table.ts'
import { isDisputed, notDisputedWrite } from './dispute-mark.ts'
import { closeWrite } from './parked-store.ts'
import { endedWrite } from './refund-store.ts'

/**
 * No question to the provider outlives the function that asks it, and none is begun once the refund has failed: after this
 * while none is on its way any more.
 */
const ASKED_NO_MORE_AFTER_MS = 16 * MINUTE_MS

type No = Refused<'HANDED_BACK' | 'REFUND_UNDER_WAY' | 'REFUND_DISPUTED'>
type Writes = { readonly kind: 'writes'; readonly writes: Write[] }

/**
 * What has to hold, and to be written, for a refund that the provider refused for good to be handed back in cash. The
 * provider is looked at once more: what it has paid after all is not paid again.
 */
export async function failedRefundWrites(
  refund: RefundItem,
  by: { readonly personId: string; readonly moveId: string },
  provider: PaymentPort,
  at: Instant,
): Promise<No | Writes> {
  const parkedId = failedRefundId(refund.refundId)
  const parked = await get(parkedItem, keys.parked(parkedId))
  if (parked?.state !== 'open') return refused('HANDED_BACK', '这笔退款已经另行处理了')
  if (await isDisputed(refund.paymentId)) {
    return refused('REFUND_DISPUTED', '付款人向银行申请过退款，钱由银行处理，不能再退现金')
  }
  const no = await notPaidAfterAll(refund, parked, provider, at)
  if (no !== undefined) return no
  const closing = { by: by.personId, note: '现金台退还', at }
  return {
    kind: 'writes',
    writes: [
      endedWrite(refund, { from: 'failed', cashMoveId: by.moveId }, at),
      closeWrite(parkedId, closing, '#state = :open', { ':open': 'open' }),
      notDisputedWrite(refund.paymentId),
    ],
  }
}

/** One more look at the provider, before anybody pays what it said it cannot: what it has paid after all stands as paid. */
export async function notPaidAfterAll(
  refund: RefundItem,
  { parkedAt }: Pick<ParkedItem, 'parkedAt'>,
  provider: PaymentPort,
  at: Instant,
): Promise<Refused<'HANDED_BACK' | 'REFUND_UNDER_WAY'> | undefined> {
  if (toMs(at) - toMs(parkedAt) < ASKED_NO_MORE_AFTER_MS) {
    return refused('REFUND_UNDER_WAY', '支付平台刚说退不了，请一刻钟以后再办')
  }
  const said = await lookAtProvider(refund, provider)
  if (said?.state === 'pending') return refused('REFUND_UNDER_WAY', '支付平台正在退这笔钱，不能再退现金')
  if (said?.state !== 'succeeded') return undefined
  await keepPaidAfterAll(refund, said, at)
  return refused('HANDED_BACK', '支付平台已经把这笔钱退了，不用再退')
}

async function lookAtProvider({ paymentId, refundId }: RefundItem, provider: PaymentPort) {
  try {
    return await provider.findRefund(paymentId, refundId)
  } catch (error) {
    log('warn', 'refund not looked for', { refundId, why: error instanceof Error ? error.name : '' })
    throw new Busy()
  }
}

async function keepPaidAfterAll(refund: RefundItem, { providerRefundId }: ProviderRefund, at: Instant): Promise<void> {
  const closing = { by: 'payment-provider', note: 'succeeded', at }
  await transact([
    endedWrite(refund, { from: 'failed', providerRefundId }, at),
    closeWrite(failedRefundId(refund.refundId), closing, '#state = :open', { ':open': 'open' }),
  ])
}
