import type { RequestEvent } from '@sveltejs/kit'
import { listDeliveries } from '#shared/contracts/deliveries.ts'
import { api } from './api.ts'
import { dataOrError, neededToken } from './problems.ts'

/**
 * Portions by offer from fields `arrived:<offerId>`, as typed (kept for the form) and as numbers; full-width digits are
 * digits. What is no number stays NaN, and the API says which field it is.
 */
export function readPortions<Kind extends string>(form: FormData, kinds: readonly Kind[]) {
  const typed: Record<string, string> = {}
  const portions = new Map<string, Partial<Record<Kind, number>>>()
  for (const [name, value] of form) {
    const at = name.indexOf(':')
    const kind = kinds.find((each) => each === name.slice(0, at))
    if (kind === undefined) continue
    const text = String(value).normalize('NFKC').trim()
    typed[name] = text
    const offerId = name.slice(at + 1)
    portions.set(offerId, { ...portions.get(offerId), [kind]: text === '' ? 0 : Number(text) })
  }
  return { typed, portions }
}

/** What comes to the pick-up points of a compound, for the co-op that sends it and for the worker who counts it. */
export async function loadDeliveries(event: RequestEvent<{ compoundId: string; groupBuyId: string }>) {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const listed = await api(listDeliveries, { params: { compoundId, groupBuyId } }, { token })
  return { compoundId, groupBuyId, deliveries: dataOrError(listed, event).items, now: Date.now() }
}
