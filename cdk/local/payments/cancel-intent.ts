import { nowSeconds, type Sandbox } from './sandbox.ts'

/** An expired session's intent can never be paid any more. */
export function cancelIntent(sandbox: Sandbox, id: string): void {
  const intent = sandbox.store.get('payment_intent', id)?.doc
  if (!intent) throw new Error(`no payment intent ${id}`)
  intent.status = 'canceled'
  intent.canceled_at = nowSeconds(sandbox)
  intent.cancellation_reason = 'expired'
  sandbox.store.update('payment_intent', intent, undefined)
}
