import { createSession, expireSession, lineItemsOf, loadSession } from './checkout-sessions.ts'
import { readBalance } from './balance.ts'
import { closeDispute } from './disputes.ts'
import type { Kind } from './documents.ts'
import { ApiError, invalidParam, notFound } from './errors.ts'
import { expand } from './expand.ts'
import { parseForm } from './form.ts'
import { listObjects } from './lists.ts'
import { Params } from './params.ts'
import { createRefund, updateRefund } from './refunds.ts'
import type { Cause, Sandbox } from './sandbox.ts'
import { createTransfer } from './transfers.ts'

export interface ApiCall {
  method: string
  /** Without the query. */
  path: string
  /** The form: the body of a POST, the query of a GET. */
  form: string
  cause: Cause
}

const kinds: Record<string, Kind> = {
  'checkout/sessions': 'checkout.session',
  payment_intents: 'payment_intent',
  charges: 'charge',
  refunds: 'refund',
  disputes: 'dispute',
  transfers: 'transfer',
  balance_transactions: 'balance_transaction',
  events: 'event',
}

function retrieve(sandbox: Sandbox, kind: Kind, id: string, params: Params): object {
  params.only('expand')
  const found = kind === 'checkout.session' ? loadSession(sandbox, id) : sandbox.store.get(kind, id)
  if (!found) throw notFound(kind, id, kind === 'payment_intent' ? 'intent' : 'id')
  return found.doc
}

function listLineItems(sandbox: Sandbox, id: string, params: Params, url: string): object {
  params.only('limit', 'starting_after', 'expand')
  const session = loadSession(sandbox, id)
  if (!session) throw notFound('checkout.session', id, 'session')
  const limit = params.integer('limit') ?? 10
  if (limit < 1 || limit > 100)
    throw invalidParam('limit', 'Invalid integer: limit must be between 1 and 100', 'parameter_invalid_integer')
  const items = lineItemsOf(session)
  const cursor = params.string('starting_after')
  const start = cursor === undefined ? 0 : items.findIndex((item) => item.id === cursor) + 1
  if (cursor !== undefined && start === 0) throw notFound('item', cursor, 'starting_after')
  return { object: 'list', data: items.slice(start, start + limit), has_more: start + limit < items.length, url }
}

/** What one path and method does, or undefined when there is no such thing. */
function route(sandbox: Sandbox, call: ApiCall, params: Params): object | undefined {
  if (call.path === '/v1/balance' && call.method === 'GET') return readBalance(sandbox)
  const match = /^\/v1\/(checkout\/sessions|[a-z_]+)(?:\/(\w+))?(?:\/(expire|line_items|close))?$/.exec(call.path)
  const kind = kinds[match?.[1] ?? '']
  const [id, action] = [match?.[2], match?.[3]]
  if (kind === undefined) return undefined
  if (call.method === 'GET') {
    if (id === undefined) return listObjects(sandbox, kind, params, call.path)
    if (action === undefined) return retrieve(sandbox, kind, id, params)
    return action === 'line_items' && kind === 'checkout.session'
      ? listLineItems(sandbox, id, params, call.path)
      : undefined
  }
  if (call.method !== 'POST') return undefined
  switch (`${kind} ${id === undefined ? '' : 'id'} ${action ?? ''}`) {
    case 'checkout.session  ':
      return createSession(sandbox, params).doc
    case 'checkout.session id expire':
      return expireSession(sandbox, id ?? '', params, call.cause).doc
    case 'refund  ':
      return createRefund(sandbox, params, call.cause).doc
    case 'refund id ':
      return updateRefund(sandbox, id ?? '', params, call.cause).doc
    case 'transfer  ':
      return createTransfer(sandbox, params).doc
    case 'dispute id close':
      return closeDispute(sandbox, id ?? '', 'lost', call.cause).doc
    default:
      return undefined
  }
}

/** Runs one API call; answers the document as it goes on the wire, and whether ids in it were expanded. Throws ApiError. */
export function runApi(sandbox: Sandbox, call: ApiCall): { result: object; expanded: boolean } {
  const params = new Params(parseForm(call.form))
  const paths = params.strings('expand')
  const result = route(sandbox, call, params)
  if (result === undefined) {
    const message = `Unrecognized request URL (${call.method}: ${call.path}). The payment sandbox speaks only the part of the API that this system uses.`
    throw new ApiError(404, { type: 'invalid_request_error', message }, false)
  }
  expand(sandbox, result, paths)
  return { result, expanded: paths.length > 0 }
}
