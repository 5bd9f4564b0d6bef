import { listPlacedFor as route } from '#shared/contracts/orders.ts'
import { http } from '#functions/platform/http.ts'
import { needCounter } from './counter-scope.ts'
import { orderSummary } from './order-view.ts'
import { pageOfPlacedFor } from './reading-store.ts'

const PAGE = 20

export const listPlacedFor = http(route, async ({ params: { compoundId }, query }, { caller }) => {
  await needCounter(caller, compoundId)
  const { items, ...next } = await pageOfPlacedFor(compoundId, query.limit ?? PAGE, query.cursor)
  return {
    items: items.flatMap((each) => {
      const { placedBy, personId } = each.order
      if (placedBy === undefined) return []
      const { householdLabel } = each.lines
      return [{ ...orderSummary(each), placedBy, householdLabel, mine: personId === caller.personId }]
    }),
    ...next,
  }
})
