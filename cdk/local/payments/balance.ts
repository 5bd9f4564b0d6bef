import type Stripe from 'stripe'
import type { BalanceTransactionDoc } from './documents.ts'
import { newId } from './ids.ts'
import { nowSeconds, type Sandbox } from './sandbox.ts'

const setting = 'balance_fen'

/** The available balance, in fen. The sandbox makes money available at once. */
export function balanceFen(sandbox: Sandbox): number {
  return Number(sandbox.store.setting(setting) ?? '0')
}

/** Books a movement on the balance, within the caller's transaction; answers its id. */
export function recordMovement(
  sandbox: Sandbox,
  movement: { type: BalanceTransactionDoc['type']; amount: number; feeFen?: number; source: string },
): string {
  const fee = movement.feeFen ?? 0
  const created = nowSeconds(sandbox)
  const doc: BalanceTransactionDoc = {
    id: newId('txn_'),
    object: 'balance_transaction',
    amount: movement.amount,
    available_on: created,
    balance_type: 'payments',
    created,
    currency: 'cny',
    description: null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: 'cny',
              description: 'Sandbox processing fee',
              type: 'stripe_fee',
            },
          ],
    net: movement.amount - fee,
    reporting_category: movement.type,
    source: movement.source,
    status: 'available',
    type: movement.type,
  }
  sandbox.store.insert('balance_transaction', doc, undefined, { ref: movement.source })
  sandbox.store.saveSetting(setting, String(balanceFen(sandbox) + doc.net))
  return doc.id
}

/** GET /v1/balance */
export function readBalance(sandbox: Sandbox): Stripe.Balance {
  const amount = balanceFen(sandbox)
  return {
    object: 'balance',
    available: [{ amount, currency: 'cny' }],
    livemode: false,
    pending: [{ amount: 0, currency: 'cny' }],
  }
}
