import { redirect } from '@sveltejs/kit'
import { listMyOrders } from '#shared/contracts/orders.ts'
import { byPickUp } from '#shared/domain/orders/same-pick-up.ts'
import { instant } from '#shared/kernel/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const me = await event.locals.visitor.me()
  if (me && !me.memberships.some(({ role }) => role === 'resident')) redirect(303, '/join?next=/orders')
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { items, nextCursor } = dataOrError(await api(listMyOrders, { query: { cursor, limit: 20 } }, { token }), event)
  const now = Date.now()
  return { ...byPickUp(items, instant(now)), nextCursor, now }
}
