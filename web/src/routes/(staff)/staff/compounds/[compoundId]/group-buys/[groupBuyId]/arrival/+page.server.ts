import { redirect } from '@sveltejs/kit'
import { checkDelivery } from '#shared/contracts/deliveries.ts'
import { api } from '#web/lib/server/api.ts'
import { failed, neededToken } from '#web/lib/server/problems.ts'
import { loadDeliveries, readPortions } from '#web/lib/server/delivery-form.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = loadDeliveries

export const actions: Actions = {
  /** `what=look` only tells what would go back; the count is final when it is sent with `what=confirm`. */
  default: async (event) => {
    const token = await neededToken(event)
    const { compoundId, groupBuyId } = event.params
    const form = await event.request.formData()
    const pickUpPointId = String(form.get('pickUpPointId') ?? '')
    const { typed, portions } = readPortions(form, ['arrived', 'refused'])
    // Numbers that were changed after they were looked at are looked at again before they are final.
    const seen = JSON.stringify(typed)
    const preview = form.get('what') !== 'confirm' || form.get('seen') !== seen
    const lines = [...portions].map(([offerId, { arrived = 0, refused = 0 }]) => {
      return { offerId, arrivedPortions: arrived, refusedPortions: refused }
    })
    const kept = { pickUpPointId, typed }
    const checked = await api(
      checkDelivery,
      {
        params: { compoundId, groupBuyId, pickUpPointId },
        body: { version: Number(form.get('version')), lines, ...(preview ? { preview } : {}) },
      },
      { token },
    )
    if (!checked.ok) return failed(checked.problem, event.locals.lang, kept)
    if (preview) return { ...kept, seen, short: checked.data.short }
    redirect(303, '?')
  },
}
