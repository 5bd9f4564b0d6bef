import type { Payout, Transfer } from '#shared/contracts/settlement.ts'
import { transferredFen } from '#shared/domain/settlement/decide-transfer.ts'
import type { PayoutItem, StoredTransfer } from '#functions/platform/table/items/settlement.ts'

/** Who did what is told as "you, or somebody else": a name is nobody's business here. */
export function payoutView(payout: PayoutItem, personId: string): Payout {
  const { payoutId, coopId, coopName, state, amountFen, preparedAt, preparedBy, statements, transfers, dropped } =
    payout
  return {
    ...{ payoutId, coopId, coopName, state, amountFen, preparedAt, statements },
    transferredFen: transferredFen(transfers),
    reported: payout.reported ?? 0,
    preparedByCaller: preparedBy === personId,
    dueByCaller: payout.dueBy === personId,
    transfers: transfers.map((each) => ({
      ...transferView(each),
      recordedByCaller: each.recordedBy === personId,
      typedByCaller: each.typedBy === personId,
    })),
    ...(dropped === undefined ? {} : { dropped }),
  }
}

export function transferView({ recordedBy: _recorded, typedBy: _typed, ...transfer }: StoredTransfer): Transfer {
  return transfer
}
