import { httpHandler } from '#functions/platform/http.ts'
import { announceDelivery } from './announce-delivery.ts'
import { issueCertificate } from './issue-certificate.ts'
import { listCertificates } from './list-certificates.ts'
import { getWeighIn } from './get-weigh-in.ts'
import { listDeliveries } from './list-deliveries.ts'
import { saveWeights } from './save-weights.ts'

export const handler = httpHandler(
  listDeliveries,
  announceDelivery,
  listCertificates,
  issueCertificate,
  getWeighIn,
  saveWeights,
)
