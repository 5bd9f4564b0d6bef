import {
  bankReferenceItem,
  payoutItem,
  type PayoutItem,
  type StatementItem,
} from '#functions/platform/table/items/settlement.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, query, transact, type Write } from '#functions/platform/table/table.ts'
import { moveWrites, paidWrite, unpaidWrite } from './statement-store.ts'

export async function getPayout(payoutId: string): Promise<PayoutItem | undefined> {
  return get(payoutItem, keys.payout(payoutId))
}

/** Newest first (pattern 66). */
export async function pageOfPayouts(coopId: string, limit: number, cursor: string | undefined) {
  const pk = index.coopPayouts(coopId, '', '').GSI1PK
  return query(payoutItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** The payout, its bank number taken, and all its statements paid: all of it or nothing. */
export async function savePayout(payout: PayoutItem, statements: readonly StatementItem[]) {
  const { payoutId, coopId, bankReference, recordedAt, recordedBy } = payout
  const by = { at: recordedAt, by: 'district', personId: recordedBy } as const
  const writes: Write[] = [
    {
      put: {
        ...keys.payout(payoutId),
        ...index.coopPayouts(coopId, recordedAt, payoutId),
        ...payoutItem.parse(payout),
      },
      condition: NOT_EXISTS,
    },
    {
      put: {
        ...keys.bankReference(bankReference),
        ...bankReferenceItem.parse({ entity: 'bankReference', v: 1, usedBy: payoutId }),
      },
      condition: NOT_EXISTS,
    },
    ...statements.flatMap((statement) => [
      ...moveWrites(statement, { state: 'paid', payoutId }, { step: 'paid', words: bankReference, ...by }),
      paidWrite(statement),
    ]),
  ]
  const saved = await transact(writes)
  if (saved.kind === 'done') return 'done'
  return saved.failed.some(({ position }) => position === 1) ? 'reference-used' : 'moved'
}

/** The money came back: its statements are as they were before it. */
export async function saveReturned(
  payout: PayoutItem,
  returned: { readonly at: string; readonly words: string },
  personId: string,
  statements: readonly StatementItem[],
) {
  const by = { at: returned.at, by: 'district', personId } as const
  const { payoutId, coopId, recordedAt } = payout
  return transact([
    {
      put: {
        ...keys.payout(payoutId),
        ...index.coopPayouts(coopId, recordedAt, payoutId),
        ...payoutItem.parse({ ...payout, state: 'returned', returned }),
      },
      condition: '#state = :paid',
      expression: { names: { '#state': 'state' }, values: { ':paid': 'paid' } },
    },
    ...statements.flatMap((statement) => [
      ...moveWrites(
        statement,
        { state: 'confirmed', payoutId: undefined },
        { step: 'returned', words: returned.words, ...by },
      ),
      unpaidWrite(statement),
    ]),
  ])
}
