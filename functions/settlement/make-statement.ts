import type { StatementRows } from '#shared/contracts/settlement.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import { decideStatement } from '#shared/domain/settlement/decide-statement.ts'
import { decideSilence } from '#shared/domain/settlement/silent-statement.ts'
import {
  type FundSums,
  type StatedShare,
  type StatementFigures,
  sumStatement,
} from '#shared/domain/settlement/sum-statement.ts'
import { assert } from '#shared/kernel/assert.ts'
import { HOUR_MS, type Instant, MINUTE_MS, plusDays, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { cellsOfGroupBuy, type FundCell } from '#functions/platform/table/fund-cells.ts'
import { loadAllShares } from '#functions/platform/table/group-buy-shares.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import type { SettlementWatchItem, StatementItem } from '#functions/platform/table/items/settlement.ts'
import { owedLines, refundItem, type RefundItem, type ShareItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { queryAll, transact, type Write } from '#functions/platform/table/table.ts'
import {
  addStatement,
  dueFenOf,
  endLookWrite,
  lastStep,
  loadOffers,
  loadStatements,
  lookLaterWrite,
  moveWrites,
  namesOfCompounds,
  reviseStatement,
} from './statement-store.ts'
import { getGroupBuy } from './store.ts'

const ORDERS_AT_ONCE = 8
const FUNDS_AT_ONCE = 8
/** An order's refunds: as many as an order's parts may be. */
const REFUNDS_MAX = 1_000
const WAIT_MAX_MS = 6 * HOUR_MS
/** A fund posts within seconds: this late somebody should look. */
const WAITS_TO_TELL = 5

export type Look = 'stated' | 'confirmed' | 'same' | 'waits' | 'moved'

/**
 * Looks at the money of a group buy whose sales are settled, and states it: anew, as a revision, or by a further part. The
 * watch it answers is ended in the same transaction, and only if nothing happened since: done twice, late, or cut off
 * anywhere, the parts that stand add up to what is payable.
 */
export async function makeStatement(groupBuyId: string, at: Instant): Promise<Look> {
  const { watch, parts } = await loadStatements(groupBuyId)
  if (watch === undefined) return 'same'
  const groupBuy = await getGroupBuy(groupBuyId)
  assert(groupBuy !== undefined, 'what is settled is a group buy')
  // When the last of its sales is settled it is watched anew.
  if (groupBuy.salesSettledAt === undefined) return endLook([endLookWrite(watch)], 'same')

  const offers = await loadOffers(groupBuyId)
  const [shares, funds] = [await statedShares(groupBuyId), await fundSums(groupBuy)]
  const summed = sumStatement(
    shares,
    funds,
    offers.map(({ offerId }) => offerId),
  )
  if (summed.kind === 'waits') {
    if (watch.waits >= WAITS_TO_TELL) log('error', 'statement waits for a fund', { groupBuyId, waits: watch.waits })
    const dueAt = plusMs(at, Math.min(WAIT_MAX_MS, MINUTE_MS * 2 ** watch.waits))
    return endLook([lookLaterWrite(watch, dueAt, watch.waits + 1)], 'waits')
  }
  const decision = decideStatement(summed.figures.sums, parts)
  if (decision.kind === 'same') return hearSilence(parts.at(-1), watch, at)
  const stated = {
    sums: summed.figures.sums,
    statedFen: decision.statedFen,
    rows: await rowsOf(summed.figures, offers),
  }
  const last = parts.at(-1)
  const saved =
    decision.kind === 'revise' && last !== undefined
      ? await reviseStatement(last, decision.version, stated, watch, at)
      : await addStatement(groupBuy, decision.part, stated, watch, at)
  return saved.kind === 'done' ? 'stated' : 'moved'
}

async function endLook(writes: readonly Write[], look: Exclude<Look, 'moved'>): Promise<Look> {
  return (await transact(writes)).kind === 'done' ? look : 'moved'
}

/** Nothing is new: a statement that the co-op has nothing to get for is confirmed when it was silent for long enough. */
async function hearSilence(last: StatementItem | undefined, watch: SettlementWatchItem, at: Instant): Promise<Look> {
  // It is open since whatever led it there was said.
  const said = last?.state === 'open' ? await lastStep(last) : undefined
  if (last === undefined || said === undefined) return endLook([endLookWrite(watch)], 'same')
  const silence = decideSilence({ state: last.state, dueFen: dueFenOf(last), openSinceAt: said.at }, at)
  switch (silence.kind) {
    case 'speaks':
      return endLook([endLookWrite(watch)], 'same')
    case 'wait':
      return endLook([lookLaterWrite(watch, silence.untilAt, 0)], 'same')
    case 'confirm': {
      const confirmed = moveWrites(last, { state: 'confirmed' }, { step: 'confirmed', at, by: 'clock' })
      return endLook([...confirmed, endLookWrite(watch)], 'confirmed')
    }
  }
}

/** Paid shares without their buyers. What a refund decided since has changed is found by the watch, and by the ledger. */
async function statedShares(groupBuyId: string): Promise<StatedShare[]> {
  const paid = (await loadAllShares(groupBuyId)).filter((share) => share.settledAt !== undefined)
  return inParallel(paid, ORDERS_AT_ONCE, async (share) => {
    const refunds = share.refundedFen === 0 ? [] : await refundsOf(share.orderId)
    return statedShare(share, refunds)
  })
}

async function refundsOf(orderId: string): Promise<RefundItem[]> {
  const { PK, SK } = keys.refund(orderId, '')
  return queryAll(refundItem, { pk: PK, prefix: SK, max: REFUNDS_MAX })
}

function statedShare(share: ShareItem, refunds: readonly RefundItem[]): StatedShare {
  const back = refunds.flatMap(({ reason, lines = [] }) =>
    lines.filter(({ saleId }) => saleId === share.saleId).map((line) => ({ ...line, reason })),
  )
  const lines = owedLines(share).map(({ lineId, offerId, quantity, dropped, amountFen }) => ({
    ...{ offerId, quantity, dropped, amountFen },
    reversed: back.filter((each) => each.lineId === lineId),
  }))
  return { compoundId: share.compoundId, lines }
}

async function fundSums({ groupBuyId, compoundIds, opensAt }: GroupBuyItem): Promise<FundSums[]> {
  // A day before it opened: clocks of two functions need not agree to the second.
  const from = plusDays(shanghaiDay(opensAt), -1)
  const cells = await inParallel(compoundIds, FUNDS_AT_ONCE, (id) => cellsOfGroupBuy(id, groupBuyId, from))
  return cells.flatMap((mine, at) => {
    const compoundId = compoundIds[at]
    return compoundId === undefined || mine.length === 0 ? [] : [{ compoundId, ...addedUp(mine) }]
  })
}

function addedUp(cells: readonly FundCell[]): Omit<FundSums, 'compoundId'> {
  const sum = (of: (cell: FundCell) => number) => cells.reduce((total, cell) => total + of(cell), 0)
  return {
    salesFen: sum((cell) => cell.salesFen),
    reversedFen: sum((cell) => cell.reversedFen),
    postedFen: sum((cell) => cell.postedFen),
    saleCount: sum((cell) => cell.saleCount),
  }
}

async function rowsOf(
  { offers, compounds }: StatementFigures,
  goods: Awaited<ReturnType<typeof loadOffers>>,
): Promise<StatementRows> {
  const names = await namesOfCompounds(compounds.map(({ compoundId }) => compoundId))
  const byId = new Map(goods.map((offer) => [offer.offerId, offer]))
  return {
    offers: offers.map((row) => {
      const offer = byId.get(row.offerId)
      assert(offer !== undefined, 'what was sold was offered')
      return { ...row, reversed: [...row.reversed], name: offer.name, unitLabel: unitLabel(offer.saleUnit) }
    }),
    compounds: compounds.map((row) => ({ ...row, compoundName: names.get(row.compoundId) ?? row.compoundId })),
  }
}
