import { error, redirect } from '@sveltejs/kit'
import { listCompoundShares } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { entryOf } from '#web/lib/server/fund-entries.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { RequestHandler } from './$types'

/** A group buy has some hundreds of shares in a compound. */
const PAGES_MAX = 50

/** From an entry to the order of its sale: the ledger does not know it, the group buy's shares in the compound do. */
export const GET: RequestHandler = async (event) => {
  const token = await neededToken(event)
  const { saleId, groupBuyId, fundId: compoundId } = await entryOf(event, token)
  if (saleId === undefined || groupBuyId === undefined) error(404)
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const input = { params: { compoundId, groupBuyId }, query: { cursor, limit: 100 } }
    const { items, nextCursor } = dataOrError(await api(listCompoundShares, input, { token }), event)
    const share = items.find((each) => each.saleId === saleId)
    if (share !== undefined) redirect(303, `/staff/orders/${share.orderId}`)
    if (nextCursor === undefined) break
    cursor = nextCursor
  }
  error(404)
}
