import { issueCertificate as route } from '#shared/contracts/deliveries.ts'
import { decideCertificate } from '#shared/domain/group-buys/issue-certificate.ts'
import { assert } from '#shared/kernel/assert.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { certificateItem } from '#functions/platform/table/items/deliveries.ts'
import { certificateView, loadCertificates, saveCertificate } from './certificate-store.ts'

const TRIES_MAX = 3

export const issueCertificate = http(route, async ({ params, body }, { caller, now }) => {
  const { groupBuyId, offerId } = params
  const { version, ...said } = body
  const bodyHash = hashBody([body, caller.personId])
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const found = await loadCertificates(groupBuyId)
    if (found === undefined || !actsFor(caller, found.groupBuy.coopId)) throw new Missing()
    const offer = found.offers.find((each) => each.offerId === offerId)
    const before = found.certificates.find((each) => each.offerId === offerId)
    if (offer !== undefined && before?.bodyHash === bodyHash) return certificateView(before, offer)
    const offerIds = found.offers.map((each) => each.offerId)
    const stands = { groupBuy: found.groupBuy, offerIds, version: before?.version ?? 0 }
    const decision = decideCertificate(stands, { offerId, version, harvestedOn: said.harvestedOn }, now)
    if (decision.kind === 'refused') return decision
    assert(offer !== undefined, 'a certificate is decided for an offer that exists')
    const certificate = certificateItem.parse({
      ...{ entity: 'certificate', v: 1, groupBuyId, offerId, ...said, bodyHash },
      ...{ version: version + 1, issuedOn: shanghaiDay(now), issuedBy: caller.personId },
    })
    if ((await saveCertificate(certificate)).kind === 'done') return certificateView(certificate, offer)
  }
  throw new Busy()
})
