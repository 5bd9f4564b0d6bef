import { listCertificates as route } from '#shared/contracts/deliveries.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { certificateView, loadCertificates } from './certificate-store.ts'

export const listCertificates = openHttp(route, async ({ params: { groupBuyId } }) => {
  const found = await loadCertificates(groupBuyId)
  if (found === undefined) throw new Missing()
  const { title, coopName, villageName, townName } = found.groupBuy
  const items = found.offers.flatMap((offer) => {
    const certificate = found.certificates.find((each) => each.offerId === offer.offerId)
    return certificate === undefined ? [] : [certificateView(certificate, offer)]
  })
  return { title, coopName, villageName, townName, items }
})
