import type { Certificate } from '#shared/contracts/deliveries.ts'
import { OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import { type CertificateItem, certificateItem } from '#functions/platform/table/items/deliveries.ts'
import { groupBuyItem, offerItem, type OfferItem } from '#functions/platform/table/items/group-buys.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, queryAll, transact } from '#functions/platform/table/table.ts'

/** A group buy with its offers and the certificates of their batches (pattern 26); nothing when there is no such thing. */
export async function loadCertificates(groupBuyId: string) {
  const { PK } = keys.groupBuy(groupBuyId)
  const [groupBuy, offers, certificates] = await Promise.all([
    get(groupBuyItem, keys.groupBuy(groupBuyId)),
    queryAll(offerItem, { pk: PK, prefix: keys.offer(groupBuyId, '').SK, max: OFFERS_MAX }),
    queryAll(certificateItem, { pk: PK, prefix: keys.certificate(groupBuyId, '').SK, max: OFFERS_MAX }),
  ])
  if (groupBuy === undefined || groupBuy.state === 'draft') return undefined
  return { groupBuy, offers: offers.toSorted((left, right) => left.position - right.position), certificates }
}

/** Written over the version that was read, and no other. */
export async function saveCertificate(certificate: CertificateItem) {
  const before = certificate.version - 1
  return transact([
    {
      put: {
        ...keys.certificate(certificate.groupBuyId, certificate.offerId),
        ...certificateItem.parse(certificate),
      },
      ...(before === 0
        ? { condition: NOT_EXISTS }
        : {
            condition: '#version = :version',
            expression: { names: { '#version': 'version' }, values: { ':version': before } },
          }),
    },
  ])
}

/** Who issued it stays behind: the co-op answers for it. */
export function certificateView(certificate: CertificateItem, { name, saleUnit }: OfferItem): Certificate {
  const {
    entity: _entity,
    v: _v,
    groupBuyId: _groupBuyId,
    issuedBy: _issuedBy,
    bodyHash: _bodyHash,
    ...shown
  } = certificate
  const grams = saleUnit.by === 'weight' ? { grams: saleUnit.portionGrams * shown.portions } : {}
  return { ...shown, ...grams, name, unitLabel: unitLabel(saleUnit) }
}
