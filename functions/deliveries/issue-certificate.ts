import { issueCertificate as route } from '#shared/contracts/deliveries.ts'
import { decideCertificate } from '#shared/domain/group-buys/issue-certificate.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { certificateItem } from '#functions/platform/table/items/deliveries.ts'
import { certificateView, loadCertificates, saveCertificate } from './certificate-store.ts'

export const issueCertificate = http(route, async ({ params, body }, { caller, now }) => {
  const { groupBuyId, offerId } = params
  const found = await loadCertificates(groupBuyId)
  if (found === undefined || !actsFor(caller, found.groupBuy.coopId)) throw new Missing()
  const offer = found.offers.find((each) => each.offerId === offerId)
  const before = found.certificates.find((each) => each.offerId === offerId)
  const { version, ...said } = body
  const decision = decideCertificate(
    {
      groupBuy: found.groupBuy,
      offerIds: found.offers.map((each) => each.offerId),
      version: before?.version ?? 0,
    },
    { offerId, version, harvestedOn: said.harvestedOn },
    now,
  )
  if (decision.kind === 'refused') return decision
  if (offer === undefined) throw new Missing()
  const certificate = certificateItem.parse({
    ...{ entity: 'certificate', v: 1, groupBuyId, offerId, ...said },
    ...{ version: version + 1, issuedOn: shanghaiDay(now), issuedBy: caller.personId },
  })
  const saved = await saveCertificate(certificate)
  if (saved.kind === 'done') return certificateView(certificate, offer)
  // Sent again after an answer that got lost, it finds itself.
  if (saved.uncertain) throw new Busy()
  return refused('CERTIFICATE_CHANGED', '合格证刚被别人改过，请看过再改')
})
