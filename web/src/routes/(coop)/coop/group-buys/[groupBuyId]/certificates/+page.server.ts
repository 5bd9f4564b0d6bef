import { certificateBases, issueCertificate, listCertificates } from '#shared/contracts/deliveries.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { purchaseOrderOf } from '#web/lib/server/purchase-order.ts'
import { certificateWords } from '#web/lib/text/certificates.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

/** What was ordered is what is harvested: a form for each, filled in as far as it is known. */
export const load: PageServerLoad = async (event) => {
  const { groupBuyId } = event.params
  const [order, found] = await Promise.all([
    purchaseOrderOf(event),
    api(listCertificates, { params: { groupBuyId } }, { token: undefined }),
  ])
  const { items } = dataOrError(found, event)
  const last = items.at(-1)
  const today = dayOf(Date.now())
  const batches = order.offers.map((offer) => {
    const issued = items.find((each) => each.offerId === offer.offerId)
    return {
      offerId: offer.offerId,
      name: offer.name,
      unitLabel: offer.unitLabel,
      version: issued?.version ?? 0,
      harvestedOn: issued?.harvestedOn ?? today,
      portions: String(issued?.portions ?? offer.portions),
      bases: issued?.bases ?? last?.bases ?? [],
      origin: issued?.origin ?? last?.origin ?? `${order.townName}${order.villageName}`,
      contact: issued?.contact ?? last?.contact ?? '',
    }
  })
  return { groupBuyId, coopId: order.coopId, title: order.title, batches, today, hasIssued: items.length > 0 }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const offerId = text('offerId')
    const typed = {
      harvestedOn: text('harvestedOn'),
      portions: text('portions'),
      origin: text('origin'),
      contact: text('contact'),
      bases: certificateBases.filter((basis) => form.getAll('basis').includes(basis)),
    }
    const portions = /^\d{1,7}$/.test(typed.portions) ? Number(typed.portions) : undefined
    if (portions === undefined) {
      const fields = { portions: say(certificateWords, event.locals.lang).badPortions }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', { offerId, typed })
    }
    const saved = await api(
      issueCertificate,
      {
        params: { groupBuyId: event.params.groupBuyId, offerId },
        body: { ...typed, version: Number(form.get('version')), portions },
      },
      { token },
    )
    return saved.ok ? { issued: offerId } : failed(saved.problem, event.locals.lang, { offerId, typed })
  },
}
