import { placeOrder as placeOrderRoute } from '#shared/contracts/orders.ts'
import type { Body } from '#shared/contracts/route.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, householdOf, loadCaller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden } from '#functions/platform/missing.ts'
import { hashBasket, placeOnce } from './place-once.ts'
import { loadForPlacing } from './placing-facts.ts'

export const placeOrder = http(placeOrderRoute, async ({ params: { orderId }, body }, { caller, now }) => {
  const { household, ...facts } = await factsFor(caller, body, now)
  const buyer = { personId: caller.personId, household }
  return placeOnce({ orderId, basket: body, buyer, bodyHash: hashBasket(body), standing: 'buyer' }, facts, now)
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
