import { eventTypes, type Documents, type Kind } from './documents.ts'
import { invalidParam, notFound } from './errors.ts'
import type { Params } from './params.ts'
import type { Sandbox } from './sandbox.ts'
import type { ListQuery } from './store.ts'

/** The parameter that a list of a kind can be filtered by, beside `created`: the one its reference column holds. */
const filters: Record<Kind, string | undefined> = {
  'checkout.session': 'payment_intent',
  payment_intent: undefined,
  charge: 'payment_intent',
  refund: 'payment_intent',
  dispute: 'payment_intent',
  transfer: 'transfer_group',
  balance_transaction: 'source',
  event: 'type',
}

const maxPage = 100
const defaultPage = 10

function readCreated(params: Params): ListQuery['created'] {
  if (!params.has('created')) return undefined
  try {
    const exactly = params.integer('created')
    return exactly === undefined ? undefined : { gte: exactly, lte: exactly }
  } catch {
    const range = params.object('created')?.only('gt', 'gte', 'lt', 'lte')
    const bounds: NonNullable<ListQuery['created']> = {}
    for (const word of ['gt', 'gte', 'lt', 'lte'] as const) {
      const bound = range?.integer(word)
      if (bound !== undefined) bounds[word] = bound
    }
    return bounds
  }
}

/** `charge.*` means every event of that name. */
function matchTypes(patterns: string[]): string[] {
  return patterns.flatMap((pattern) =>
    pattern.endsWith('*') ? eventTypes.filter((type) => type.startsWith(pattern.slice(0, -1))) : [pattern],
  )
}

function readRefs(sandbox: Sandbox, kind: Kind, params: Params): string[] | undefined {
  const filter = filters[kind]
  const value = filter === undefined ? undefined : params.string(filter)
  if (kind === 'event') {
    const types = params.strings('types')
    return value === undefined && types.length === 0 ? undefined : matchTypes(value === undefined ? types : [value])
  }
  const chargeId = kind === 'refund' || kind === 'dispute' ? params.string('charge') : undefined
  if (chargeId === undefined) return value === undefined ? undefined : [value]
  const charge = sandbox.store.get('charge', chargeId)?.doc
  if (!charge) throw notFound('charge', chargeId, 'charge')
  // Only an intent's one successful charge can have been refunded or disputed.
  return charge.status === 'succeeded' ? [charge.payment_intent] : []
}

function readCursor(sandbox: Sandbox, kind: Kind, params: Params, name: string): string | undefined {
  const id = params.string(name)
  if (id !== undefined && !sandbox.store.hasCursor(kind, id)) throw notFound(kind, id, name)
  return id
}

/** GET of a list: newest first, ≤ 100 a page, cursors by id. */
export function listObjects<K extends Kind>(sandbox: Sandbox, kind: K, params: Params, url: string) {
  const filter = filters[kind]
  const own =
    kind === 'event'
      ? ['type', 'types']
      : kind === 'refund' || kind === 'dispute'
        ? ['payment_intent', 'charge']
        : filter
          ? [filter]
          : []
  params.only('limit', 'starting_after', 'ending_before', 'created', 'expand', ...own)
  const limit = params.integer('limit') ?? defaultPage
  if (limit < 1 || limit > maxPage) {
    throw invalidParam('limit', `Invalid integer: limit must be between 1 and ${maxPage}`, 'parameter_invalid_integer')
  }
  const refs = readRefs(sandbox, kind, params)
  const created = readCreated(params)
  const startingAfter = readCursor(sandbox, kind, params, 'starting_after')
  const endingBefore = readCursor(sandbox, kind, params, 'ending_before')
  if (startingAfter !== undefined && endingBefore !== undefined) {
    throw invalidParam('ending_before', 'You may only specify one of these parameters: starting_after, ending_before.')
  }
  const page = sandbox.store.list({
    kind,
    limit,
    ...(refs && { refs }),
    ...(created && { created }),
    ...(startingAfter !== undefined && { startingAfter }),
    ...(endingBefore !== undefined && { endingBefore }),
  })
  const data: Documents[K][] = page.items.map((item) => item.doc)
  return { object: 'list', data, has_more: page.hasMore, url }
}
