import { lineItemsOf } from './checkout-sessions.ts'
import type { Kind } from './documents.ts'
import { invalidParam } from './errors.ts'
import type { Sandbox } from './sandbox.ts'

const maxDepth = 4

/** Fields that hold another object's id, and that object's kind. */
const links: Record<string, Kind> = {
  payment_intent: 'payment_intent',
  latest_charge: 'charge',
  charge: 'charge',
  balance_transaction: 'balance_transaction',
  failure_balance_transaction: 'balance_transaction',
  source_transaction: 'charge',
}

type Json = Record<string, unknown>

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(path: string): never {
  throw invalidParam('expand', `This property cannot be expanded (${path}).`)
}

function expandField(sandbox: Sandbox, target: Json, field: string, path: string): void {
  const value = target[field]
  if (field === 'line_items' && target.object === 'checkout.session') {
    const session = sandbox.store.get('checkout.session', String(target.id))
    target.line_items = {
      object: 'list',
      data: session ? lineItemsOf(session) : [],
      has_more: false,
      url: `/v1/checkout/sessions/${String(target.id)}/line_items`,
    }
    return
  }
  if (field === 'refunds' && target.object === 'charge') {
    const page = sandbox.store.list({ kind: 'refund', refs: [String(target.payment_intent)], limit: 10 })
    const own = page.items.map((item) => item.doc).filter((refund) => refund.charge === target.id)
    target.refunds = {
      object: 'list',
      data: own,
      has_more: page.hasMore,
      url: `/v1/charges/${String(target.id)}/refunds`,
    }
    return
  }
  const kind = links[field]
  if (kind === undefined || value === undefined) refuse(path)
  if (typeof value === 'string') target[field] = sandbox.store.get(kind, value)?.doc ?? value
}

/** Puts objects in the place of their ids, along the paths asked, in a document that is not stored any more. */
export function expand(sandbox: Sandbox, root: unknown, paths: readonly string[]): void {
  for (const path of paths) {
    const fields = path.split('.')
    if (fields.length > maxDepth)
      throw invalidParam('expand', `You cannot expand more than ${maxDepth} levels of a property.`)
    let targets: unknown[] = [root]
    for (const field of fields) {
      const next: unknown[] = []
      for (const target of targets) {
        if (!isJson(target)) continue
        const page: unknown = target.data
        if (field === 'data' && Array.isArray(page)) {
          for (const item of page as unknown[]) next.push(item)
          continue
        }
        expandField(sandbox, target, field, path)
        next.push(target[field])
      }
      targets = next
    }
  }
}
