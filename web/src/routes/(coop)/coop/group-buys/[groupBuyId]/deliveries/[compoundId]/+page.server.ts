import { announceDelivery } from '#shared/contracts/deliveries.ts'
import { api } from '#web/lib/server/api.ts'
import { loadDeliveries, readPortions } from '#web/lib/server/delivery-form.ts'
import { failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = loadDeliveries

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const { compoundId, groupBuyId } = event.params
    const form = await event.request.formData()
    const pickUpPointId = String(form.get('pickUpPointId') ?? '')
    const note = String(form.get('note') ?? '').trim()
    const { typed, portions } = readPortions(form, ['sent'])
    const lines = [...portions].map(([offerId, { sent = 0 }]) => ({ offerId, sentPortions: sent }))
    const kept = { pickUpPointId, typed, note }
    const saved = await api(
      announceDelivery,
      {
        params: { compoundId, groupBuyId, pickUpPointId },
        body: { version: Number(form.get('version')), lines, note },
      },
      { token },
    )
    if (!saved.ok) return failed(saved.problem, event.locals.lang, kept)
    return { pickUpPointId, typed: {} as Record<string, string>, note: undefined, saved: true }
  },
}
