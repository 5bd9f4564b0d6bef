import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type ParkedItem, parkedItem } from '#functions/platform/table/items/orders.ts'
import { refundIdOf } from '#functions/platform/table/parked-id.ts'
import { get, type Page, query, transact, type Write } from '#functions/platform/table/table.ts'
import { type PaymentPort, type ProviderRefund, RefusedByProvider } from '#functions/platform/payments/port.ts'
import { log } from '#functions/platform/log.ts'

const PREFIX = 'parked.'

export const parkedRefundId = (parkedId: string) => `${PREFIX}${parkedId}`

export async function pageOfParked(limit: number, cursor: string | undefined): Promise<Page<ParkedItem>> {
  return query(parkedItem, { pk: 'PAYMENT#PARKED', index: 'GSI1', limit, cursor })
}

/** Money that came for nothing goes back by itself. Failed refunds and disputes wait for a person. */
export const GOES_BACK: ReadonlySet<ParkedItem['reason']> = new Set<ParkedItem['reason']>([
  'unknown-order',
  'closed-order',
  'wrong-amount',
  'wrong-currency',
  'second-payment',
])

/** Sends parked money back, or sees the refund through; may be repeated at any time. */
export async function sendBack(parked: ParkedItem, provider: PaymentPort): Promise<void> {
  if (!GOES_BACK.has(parked.reason) || parked.state === 'failed') return
  const { paymentId, amountFen } = parked
  const refundId = parkedRefundId(parked.parkedId)
  try {
    const said =
      parked.providerRefundId === undefined
        ? ((await provider.findRefund(paymentId, refundId)) ??
          (await provider.refund({ refundId, paymentId, amountFen })))
        : await provider.getRefund(parked.providerRefundId)
    await keepParkedRefund(said)
  } catch (error) {
    if (error instanceof RefusedByProvider) await keepRefused(parked)
    log('warn', 'parked money not sent back', {
      parkedId: parked.parkedId,
      why: error instanceof Error ? error.name : '',
    })
  }
}

/** Writes down what became of the refund of parked money; `refunded` takes it off the list. */
export async function keepParkedRefund(
  said: Pick<ProviderRefund, 'refundId' | 'providerRefundId' | 'state'>,
): Promise<boolean> {
  if (said.refundId === undefined || !said.refundId.startsWith(PREFIX)) return false
  const parkedId = said.refundId.slice(PREFIX.length)
  const parked = await get(parkedItem, keys.parked(parkedId))
  if (parked === undefined) return false
  const state = said.state === 'pending' ? 'refunding' : said.state === 'succeeded' ? 'refunded' : 'failed'
  if (parked.state === state) return true
  // A refund may fail after it succeeded: the money is here again, so the item goes back onto its list.
  const failed = state === 'failed'
  // What has gone back stays on a list of its own, from where the nightly comparison looks for it at the provider.
  const listKey = failed ? index.parked(parked.parkedAt, parkedId) : index.parkedBack(parked.parkedAt, parkedId)
  const moves = failed || state === 'refunded'
  await transact([
    {
      update: keys.parked(parkedId),
      set: `SET #state = :state, #id = :id${moves ? ', #gsi1pk = :pk, #gsi1sk = :sk' : ''}`,
      condition: failed ? '#state IN (:open, :refunding, :refunded)' : '#state IN (:open, :refunding)',
      expression: {
        names: {
          '#state': 'state',
          '#id': 'providerRefundId',
          ...(moves ? { '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' } : {}),
        },
        values: {
          ':state': state,
          ':id': said.providerRefundId,
          ':open': 'open',
          ':refunding': 'refunding',
          ...(moves ? { ':pk': listKey.GSI1PK, ':sk': listKey.GSI1SK } : {}),
          ...(failed ? { ':refunded': 'refunded' } : {}),
        },
      },
    },
  ])
  return true
}

/** The provider will not send it back: a person has to. It stays on the list. */
async function keepRefused({ parkedId }: ParkedItem): Promise<void> {
  await transact([
    {
      update: keys.parked(parkedId),
      set: 'SET #state = :failed',
      condition: '#state = :open',
      expression: { names: { '#state': 'state' }, values: { ':failed': 'failed', ':open': 'open' } },
    },
  ])
}

export type Closing = { readonly by: string; readonly note: string; readonly at: Instant }

/** Takes an item off the list for a person; money that goes back by itself is left alone. */
export async function closeByPerson(parked: ParkedItem, closing: Closing): Promise<void> {
  const { parkedId } = parked
  const reasons = Object.fromEntries([...GOES_BACK].map((reason, n) => [`:back${n}`, reason]))
  const byItself = `#reason IN (${Object.keys(reasons).join(', ')})`
  const write = closeWrite(parkedId, closing, `#state = :failed OR (#state = :open AND NOT ${byItself})`)
  const { names, values } = write.expression
  await transact([
    {
      ...write,
      expression: {
        names: { ...names, '#reason': 'reason' },
        values: { ...values, ...reasons, ':failed': 'failed', ':open': 'open' },
      },
    },
    ...(parked.reason === 'refund-failed' ? offTheDesk(parked, closing.at) : []),
  ])
}

/** The refund of an item `refund-…`. */
export function failedRefundKey({ parkedId, orderId }: ParkedItem) {
  assert(orderId !== undefined, 'a refund has its order')
  return keys.refund(orderId, refundIdOf(parkedId))
}

/** A refund that was paid another way does not wait at the desk any more. */
function offTheDesk(parked: ParkedItem, at: Instant): Write[] {
  return [
    {
      update: failedRefundKey(parked),
      set: 'SET #paidOtherwiseAt = :at REMOVE #gsi1pk, #gsi1sk',
      condition: '#state = :failed',
      expression: {
        names: { '#state': 'state', '#paidOtherwiseAt': 'paidOtherwiseAt', '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' },
        values: { ':failed': 'failed', ':at': at },
      },
    },
  ]
}

/** Takes an item off the list whose matter has ended; one that was never on it is put down as ended, so that late news adds nothing. */
export async function keepClosed(never: Extract<Write, { put: object }>, parkedId: string, closing: Closing) {
  const { GSI1PK: _pk, GSI1SK: _sk, ...item } = never.put
  const { by: closedBy, note: closedNote, at: closedAt } = closing
  const put = { ...never, put: { ...item, state: 'closed', closedBy, closedNote, closedAt } as typeof never.put }
  if ((await transact([put])).kind === 'done') return
  await transact([closeWrite(parkedId, closing, '#state <> :closed')])
}

export function closeWrite(
  parkedId: string,
  { by, note, at }: Closing,
  condition: string,
  more: Readonly<Record<string, string>> = {},
) {
  return {
    update: keys.parked(parkedId),
    set: 'SET #state = :closed, #by = :by, #note = :note, #at = :at REMOVE #gsi1pk, #gsi1sk',
    condition,
    expression: {
      names: {
        '#state': 'state',
        '#by': 'closedBy',
        '#note': 'closedNote',
        '#at': 'closedAt',
        '#gsi1pk': 'GSI1PK',
        '#gsi1sk': 'GSI1SK',
      },
      values: { ':closed': 'closed', ':by': by, ':note': note, ':at': at, ...more },
    },
  }
}
