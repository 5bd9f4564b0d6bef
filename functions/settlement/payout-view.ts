import type { Payout } from '#shared/contracts/settlement.ts'
import type { PayoutItem } from '#functions/platform/table/items/settlement.ts'

export function payoutView(payout: PayoutItem): Payout {
  const { entity: _entity, v: _v, recordedBy: _recordedBy, bodyHash: _bodyHash, ...view } = payout
  return view
}
