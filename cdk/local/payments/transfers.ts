import type { TransferDoc } from './documents.ts'
import { invalidParam, notFound, refused } from './errors.ts'
import { balanceFen, recordMovement } from './balance.ts'
import { newId } from './ids.ts'
import type { Params } from './params.ts'
import { nowSeconds, type Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

/**
 * POST /v1/transfers: pays a connected account out of the balance, never more than is there. Destinations need no set-up here: any
 * `acct_…` exists.
 */
export function createTransfer(sandbox: Sandbox, params: Params): Stored<'transfer'> {
  params.only(
    'amount',
    'currency',
    'destination',
    'description',
    'metadata',
    'source_transaction',
    'transfer_group',
    'expand',
  )
  const amount = params.atLeast('amount', 1) ?? params.missing('amount')
  const currency = params.required('currency').toLowerCase()
  if (currency !== 'cny')
    throw invalidParam('currency', `Invalid currency: ${currency}. The payment sandbox takes cny.`)
  const destination = params.required('destination')
  if (!/^acct_\w{1,64}$/.test(destination)) throw notFound('destination', destination, 'destination')
  const source = params.string('source_transaction')
  if (source !== undefined && !sandbox.store.get('charge', source))
    throw notFound('charge', source, 'source_transaction')
  const description = params.string('description') ?? null
  const metadata = params.metadata()
  const transferGroup = params.string('transfer_group') ?? null
  if (amount > balanceFen(sandbox)) {
    throw refused('You have insufficient available funds in your Stripe account.', 'balance_insufficient')
  }
  const id = newId('tr_')
  const doc: TransferDoc = {
    id,
    object: 'transfer',
    amount,
    amount_reversed: 0,
    balance_transaction: recordMovement(sandbox, { type: 'transfer', amount: -amount, source: id }),
    created: nowSeconds(sandbox),
    currency,
    description,
    destination,
    destination_payment: newId('py_'),
    livemode: false,
    metadata,
    reversals: { object: 'list', data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: source ?? null,
    source_type: 'card',
    transfer_group: transferGroup,
  }
  sandbox.store.insert('transfer', doc, undefined, { ref: transferGroup })
  return { doc, extra: undefined }
}
