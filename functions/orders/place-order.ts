import { placeOrder as placeOrderRoute } from '#shared/contracts/orders.ts'
import { mergeLines } from '#shared/domain/orders/merge-lines.ts'
import { decidePlaceOrder } from '#shared/domain/orders/place-order.ts'
import type { Body } from '#shared/contracts/route.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { type Caller, householdOf, loadCaller } from '#functions/platform/caller.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { orderView } from './order-view.ts'
import { savePlaced } from './placing-store.ts'
import { loadForPlacing } from './placing-facts.ts'
import { loadOrder } from './reading-store.ts'

export const placeOrder = http(placeOrderRoute, async ({ params, body }, { caller, now }) => {
  const command = { orderId: params.orderId, ...body }
  const bodyHash = hashOf(body)
  const { household, ...facts } = await factsFor(caller, body, now)
  const decision = decidePlaceOrder(
    command,
    {
      ...facts,
      compoundId: household.compoundId,
      reservationMinutes: env('RESERVATION_MINUTES'),
      minimumChargeFen: env('MINIMUM_CHARGE_FEN'),
    },
    now,
  )
  // A refusal is only true of a new order: the same request sent again gets its first result, whatever changed since.
  if (decision.kind === 'refused') return (await earlier(params.orderId, caller.personId, bodyHash)) ?? decision
  const buyer = { personId: caller.personId, household }
  const saved = await savePlaced(decision, buyer, bodyHash, clock)
  if (saved.kind === 'saved')
    return orderView({ ...saved, shares: [], refunds: [], pickUps: [], undone: [], claims: [] }, 'buyer')
  const before = await earlier(params.orderId, caller.personId, bodyHash)
  if (before !== undefined) return before
  if (saved.kind === 'taken') throw new Missing()
  return saved
})

/**
 * Money moves, so the household is read now: together with all the rest, where the caller's remembered one says. If that
 * is not held any more, or never was known here, the roles are read anew.
 */
async function factsFor(caller: Caller, body: Body<typeof placeOrderRoute>, now: Instant) {
  for (const load of [() => caller, () => loadCaller(caller.personId, now, true)]) {
    const known = householdOf(await load())
    if (known?.compoundId === undefined || known.communityId === undefined) continue
    const { compoundId, communityId, scopeId: householdId } = known
    const basket = { ...body, compoundId, communityId, householdId, personId: caller.personId }
    const { household, ...facts } = await loadForPlacing(basket, now)
    if (household !== undefined) return { ...facts, household: { ...household, compoundId, communityId } }
  }
  throw new Forbidden()
}

/** The order that this id names already, for its own sender; somebody else's does not exist. */
async function earlier(orderId: string, personId: string, bodyHash: string) {
  const whole = await loadOrder(orderId)
  if (whole === undefined) return undefined
  if (whole.order.personId !== personId) throw new Missing()
  if (whole.order.bodyHash !== bodyHash) return refused('ORDER_ID_REUSED', '这个订单号已用于另一份菜篮，请刷新页面')
  return orderView(whole, 'buyer')
}

function hashOf(body: { pickUpPointId?: string | undefined; lines: Parameters<typeof mergeLines>[0] }): string {
  const merged = mergeLines(body.lines)
  const lines = 'kind' in merged ? body.lines : merged
  return hashBody([body.pickUpPointId ?? '', lines.map((line) => [line.groupBuyId, line.offerId, line.quantity])])
}
