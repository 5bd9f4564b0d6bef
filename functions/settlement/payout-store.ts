import type { StatementState } from '#shared/contracts/settlement.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { bankReferenceWrite } from '#functions/platform/table/bank-reference.ts'
import {
  paidCoopItem,
  payoutItem,
  type PayoutItem,
  type StatementItem,
  type StatementStepItem,
} from '#functions/platform/table/items/settlement.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  ALWAYS,
  batchGet,
  EXISTS,
  get,
  NOT_EXISTS,
  query,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'
import { dueFenOf, loadUnpaidOf, moveWrites, paidWrite, unpaidWrite } from './statement-store.ts'

export async function getPayout(payoutId: string): Promise<PayoutItem | undefined> {
  return get(payoutItem, keys.payout(payoutId))
}

/** What waits to be transferred, or is said not to have come; then newest first (pattern 66). */
export async function pageOfPayouts(coopId: string, limit: number, cursor: string | undefined) {
  const pk = index.coopPayouts(coopId, '', '', '').GSI1PK
  return query(payoutItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** By which the co-op owes back, and that are not taken off what it gets: confirmed, or in a payout that collects them. */
export async function loadOwing(coopId: string, exceptPayoutId?: string): Promise<StatementItem[]> {
  const owing = (await loadUnpaidOf(coopId)).filter((each) => dueFenOf(each) < 0)
  const held = [...new Set(owing.flatMap(({ payoutId }) => payoutId ?? []))].filter((id) => id !== exceptPayoutId)
  const payouts = await batchGet(
    payoutItem,
    held.map((payoutId) => keys.payout(payoutId)),
  )
  const collecting = new Set(payouts.filter(({ amountFen }) => amountFen < 0).map(({ payoutId }) => payoutId))
  return owing.filter(
    ({ state, payoutId }) => state === 'confirmed' || (payoutId !== undefined && collecting.has(payoutId)),
  )
}

/** Latest first (pattern 67). */
export async function pageOfPaidCoops(limit: number, cursor: string | undefined) {
  const pk = index.paidCoops('', '').GSI1PK
  return query(paidCoopItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** What happens to the statements of a payout: where it leads them, and what is said about it. */
type Move = {
  readonly to: Extract<StatementState, 'confirmed' | 'paying' | 'paid'>
  readonly step: StatementStepItem['step']
  readonly at: Instant
  readonly personId: string
  readonly words?: string
}

/** The payout, and its statements held by it: all of it or nothing. */
export async function addPayout(payout: PayoutItem, statements: readonly StatementItem[]) {
  const { payoutId, coopId, coopName, preparedAt, preparedBy, state } = payout
  const isPaid = state === 'paid'
  const move: Move = {
    ...{ to: isPaid ? 'paid' : 'paying', step: isPaid ? 'paid' : 'prepared', at: preparedAt, personId: preparedBy },
  }
  return transact([
    { put: payoutRow(payout), condition: NOT_EXISTS },
    {
      put: {
        ...keys.paidCoop(coopId),
        ...index.paidCoops(preparedAt, coopId),
        ...paidCoopItem.parse({ entity: 'paidCoop', v: 1, coopId, coopName, lastPreparedAt: preparedAt }),
      },
      condition: ALWAYS,
    },
    ...statements.flatMap((statement) => leadWrites(statement, payoutId, move)),
  ])
}

type PayoutChange = Partial<
  Pick<
    PayoutItem,
    | 'state'
    | 'transfers'
    | 'dropped'
    | 'droppedBy'
    | 'dueBy'
    | 'preparedBy'
    | 'amountFen'
    | 'statements'
    | 'confirmedBy'
    | 'reported'
  >
>

/** Written over the version that was read, and no other; a slip's number and the statements it leads on go with it. */
export async function changePayout(
  before: PayoutItem,
  change: PayoutChange,
  references: { readonly taken?: string | undefined; readonly freed?: string | undefined },
  leads: readonly { readonly statements: readonly StatementItem[]; readonly move: Move }[],
) {
  const after: PayoutItem = { ...before, ...change, version: before.version + 1 }
  const { taken, freed } = references
  const saved = await transact([
    payoutWrite(after, before.version),
    ...(taken === undefined ? [] : [bankReferenceWrite(taken, before.payoutId)]),
    ...(freed === undefined ? [] : [{ delete: keys.bankReference(freed), condition: EXISTS }]),
    ...leads.flatMap(({ statements, move }) => statements.flatMap((each) => leadWrites(each, before.payoutId, move))),
  ])
  if (saved.kind === 'done') return { kind: 'done' as const, payout: after }
  const isUsed = taken !== undefined && saved.failed.some(({ position }) => position === 1)
  return { kind: isUsed ? ('reference-used' as const) : ('moved' as const) }
}

/** What a co-op and the district say about money that did not come, to be found with its payout; all of it or nothing. */
export async function changeReport(
  before: PayoutItem,
  statement: StatementItem,
  said: { readonly at: Instant; readonly personId: string; readonly words: string; readonly isMissing: boolean },
): Promise<boolean> {
  const { isMissing, ...step } = said
  const { at, words } = step
  const reported = (before.reported ?? 0) + (isMissing ? 1 : -1)
  const moved = isMissing
    ? moveWrites(
        statement,
        { state: 'missing', missing: { at, words }, reports: (statement.reports ?? 0) + 1 },
        { step: 'missing', by: 'coop', ...step },
      )
    : moveWrites(statement, { state: 'paid', missing: undefined }, { step: 'traced', by: 'district', ...step })
  const saved = await transact([
    payoutWrite({ ...before, reported, version: before.version + 1 }, before.version),
    ...moved,
    isMissing ? unpaidWrite(statement) : paidWrite(statement),
  ])
  return saved.kind === 'done'
}

function payoutWrite(after: PayoutItem, version: number): Write {
  return {
    put: payoutRow(after),
    condition: '#version = :version',
    expression: { names: { '#version': 'version' }, values: { ':version': version } },
  }
}

function payoutRow(payout: PayoutItem) {
  const { payoutId, coopId, preparedAt, state, reported = 0 } = payout
  const waits = state === 'prepared' || reported > 0
  return {
    ...keys.payout(payoutId),
    ...index.coopPayouts(coopId, waits ? '1' : '0', preparedAt, payoutId),
    ...payoutItem.parse(payout),
  }
}

function leadWrites(statement: StatementItem, payoutId: string, move: Move): Write[] {
  const { to, ...said } = move
  const held = to === 'confirmed' ? undefined : payoutId
  // Whatever was said about money that did not come is answered by where it goes now.
  const change = { state: to, payoutId: held, missing: undefined }
  const moved = moveWrites(statement, change, { ...said, by: 'district' })
  if (to === 'paid') return [...moved, paidWrite(statement)]
  return statement.state === 'paid' ? [...moved, unpaidWrite(statement)] : moved
}
