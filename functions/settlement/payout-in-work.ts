import type { PayoutInWork, RecordedTransfer } from '#shared/domain/settlement/decide-transfer.ts'
import type { PayoutItem, StoredTransfer } from '#functions/platform/table/items/settlement.ts'

export function inWork({ transfers, ...payout }: PayoutItem): PayoutInWork {
  return { ...payout, transfers: transfers.map(recorded) }
}

export function recorded({ corrected, ...transfer }: StoredTransfer): RecordedTransfer {
  return { ...transfer, corrections: corrected.length }
}
