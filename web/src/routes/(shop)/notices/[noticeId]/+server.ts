import { redirect } from '@sveltejs/kit'
import { readNotice } from '#shared/contracts/notifications.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { RequestHandler } from './$types'

/** Whoever follows a notice to what it tells of has read it. */
export const GET: RequestHandler = async (event) => {
  const token = await neededToken(event)
  const { orderId, groupBuyId, part, matterId, proposalId, hookId } = dataOrError(
    await api(readNotice, { params: event.params }, { token }),
    event,
  )
  if (matterId !== undefined) redirect(303, `/matters/${matterId}`)
  if (proposalId !== undefined) redirect(303, `/projects/${proposalId}`)
  if (hookId !== undefined) redirect(303, `/staff/hooks/${hookId}`)
  if (orderId !== undefined) redirect(303, `/orders/${orderId}`)
  if (part !== undefined) redirect(303, `/coop/statements/${groupBuyId}/${part}`)
  redirect(303, groupBuyId === undefined ? '/notices' : `/group-buys/${groupBuyId}`)
}
