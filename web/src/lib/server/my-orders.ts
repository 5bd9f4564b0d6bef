import { listMyOrders } from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { api } from './api.ts'

/** As far back as pages look for orders that are picked up on the same way. */
const RECENT = 30

export type MyOrder = Output<typeof listMyOrders>['items'][number]

/** A hint for pages that work without it: whoever orders nothing (a worker, a newcomer) has none. */
export async function recentOrders(token: string | undefined): Promise<readonly MyOrder[]> {
  if (token === undefined) return []
  const answer = await api(listMyOrders, { query: { limit: RECENT } }, { token })
  return answer.ok ? answer.data.items : []
}
